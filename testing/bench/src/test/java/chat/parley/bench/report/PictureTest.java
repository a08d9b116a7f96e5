package chat.parley.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chat.parley.bench.report.Chart.Line;
import chat.parley.bench.report.Chart.Point;
import java.io.StringReader;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class PictureTest {
    private static final Line LINE =
            new Line("p50 < p99 & more", List.of(new Point(0, 0), new Point(2, 30), new Point(4, 60)));

    @Test
    void drawsEachLineWhereItsNumbersAre() throws Exception {
        Document svg = parse(Picture.of(List.of(new Chart("Time, ms", "streams", List.of(LINE)))));

        Element line = (Element) svg.getElementsByTagName("polyline").item(0);
        assertThat(line.getAttribute("points").strip()).isEqualTo("60.0,250.0 415.0,160.0 770.0,70.0");
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(3);
        assertThat(svg.getDocumentElement().getTextContent()).contains("Time, ms", "streams", "p50 < p99 & more", "60");
    }

    @Test
    void putsChartsBelowEachOther() throws Exception {
        Chart chart = new Chart("Time, ms", "streams", List.of(LINE));

        Document svg = parse(Picture.of(List.of(chart, chart)));

        assertThat(((Element) svg.getElementsByTagName("g").item(1)).getAttribute("transform"))
                .isEqualTo("translate(0 300)");
        assertThat(svg.getDocumentElement().getAttribute("viewBox")).isEqualTo("0 0 800 600");
    }

    @Test
    void hasNoMoreLinesThanColours() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chart("Time, ms", "streams", Collections.nCopies(5, LINE)));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
