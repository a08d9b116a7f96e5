package chat.parley.conversation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "chat.parley.conversation", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesUseOnlyWhatStandsBelowThem = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("live")
            .definedBy("..conversation.live..")
            .layer("archive")
            .definedBy("..conversation.archive..")
            .layer("api")
            .definedBy("..conversation.api..")
            .layer("search")
            .definedBy("..conversation.search..")
            .layer("usage")
            .definedBy("..conversation.usage..")
            .layer("session")
            .definedBy("..conversation.session..")
            .layer("reply")
            .definedBy("..conversation.reply..")
            .layer("history")
            .definedBy("..conversation.history..")
            .whereLayer("live")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("archive")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("archive")
            .whereLayer("search")
            .mayOnlyBeAccessedByLayers("api")
            .whereLayer("usage")
            .mayOnlyBeAccessedByLayers("api")
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("live", "archive", "api")
            .whereLayer("reply")
            .mayOnlyBeAccessedByLayers("live", "archive", "api");

    @ArchTest
    static final ArchRule thereAreNoCycles =
            slices().matching("chat.parley.conversation.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule historyUsesNoneOfTheOthers = noClasses()
            .that()
            .resideInAPackage("..conversation.history..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..conversation.live..",
                    "..conversation.archive..",
                    "..conversation.api..",
                    "..conversation.search..",
                    "..conversation.usage..",
                    "..conversation.session..",
                    "..conversation.reply..");

    @ArchTest
    static final ArchRule onlyHistoryKnowsRedis = noClasses()
            .that()
            .resideOutsideOfPackage("..conversation.history..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "org.springframework.data.redis..");

    @ArchTest
    static final ArchRule onlySearchKnowsItsIndex = noClasses()
            .that()
            .resideOutsideOfPackage("..conversation.search..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.lucene..");

    @ArchTest
    static final ArchRule onlyReplyKnowsTheBroker = noClasses()
            .that()
            .resideOutsideOfPackage("..conversation.reply..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.amqp..", "com.rabbitmq..");

    @ArchTest
    static final ArchRule nothingKnowsHowItIsStarted = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("chat.parley.standalone..", "chat.parley.assistant..");
}
