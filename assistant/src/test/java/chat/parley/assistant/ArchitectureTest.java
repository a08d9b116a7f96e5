package chat.parley.assistant;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "chat.parley.assistant")
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsOnlyTheContractOfTheRest = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("chat.parley.standalone..", "chat.parley.conversation..");

    @ArchTest
    static final ArchRule keepsNothing = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "redis..", "org.springframework.data..");

    @ArchTest
    static final ArchRule testsWithoutMocks =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.mockito..");
}
