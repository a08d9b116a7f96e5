package chat.parley.events;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "chat.parley.events")
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsNoFrameworkBesideJackson = noClasses()
            .that()
            .haveNameNotMatching(".*Test")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "com.rabbitmq..", "io.lettuce..");
}
