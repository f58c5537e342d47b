package dev.berth.node.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.node.launch.ServiceOption;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// What the options mean; what a master does is shown elsewhere.
class MasterCommandTest {
    @TempDir
    Path dir;

    @Test
    void aService_isSpelledAsInTheClusterFilesWords() {
        assertThat(ServiceOption.parse("role", "4")).isEqualTo(new ServicePlan("role", 4, 0, true));
        assertThat(ServiceOption.parse("role", "4:fixed")).isEqualTo(new ServicePlan("role", 4, 0, false));
        assertThat(ServiceOption.parse("bag", "4/64")).isEqualTo(new ServicePlan("bag", 4, 64, true));
        assertThat(ServiceOption.parse("bag", "4/64:fixed")).isEqualTo(new ServicePlan("bag", 4, 64, false));
    }

    @Test
    void aServiceThatIsMisspelled_isRefused_withWhatIsWanted() throws Exception {
        for (var wrong : new String[] {"4:fixd", "four", "4/", "/64", ":fixed", "4/64/2"}) {
            assertThat(said(wrong))
                    .contains("--service role needs CAPACITY, CAPACITY/BUCKETS, and perhaps :fixed after it, got "
                            + wrong);
        }
        assertThat(said("0")).contains("capacity");
    }

    private String said(String size) throws Exception {
        var secret = Files.writeString(dir.resolve("secret"), "sixteen bytes and more");
        var err = new StringWriter();
        int code = new MasterCommand()
                .run(
                        new PrintWriter(err),
                        new PrintWriter(err),
                        "--secret-file",
                        secret.toString(),
                        "--masters",
                        "127.0.0.1:1",
                        "--listen",
                        "127.0.0.1:1",
                        "--service",
                        "role=" + size);
        assertThat(code).isEqualTo(2);
        return err.toString();
    }
}
