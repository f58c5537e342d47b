import dev.berth.client.BerthClient;
import dev.berth.client.ClientException;
import dev.berth.core.record.RecordBook;
import java.time.Duration;
import java.util.Scanner;

// Says each line of its input to the game, and prints what the game answers and tells. Kill the gate that it is
// connected with: it goes on at the next one, and what was said meanwhile is done once.
//
//   java -cp CLASSPATH examples/client/Talk.java ada sesame tcp://127.0.0.1:7201 tcp://127.0.0.1:7202

/** A client on the command line. */
public final class Talk {
    /** What this game's messages are; the game has the same records in a book of the same name. */
    record Note(String text) {}

    record Noted(String text, int before) {}

    public static void main(String[] args) throws InterruptedException {
        String[] gates = java.util.Arrays.copyOfRange(args, 2, args.length);
        RecordBook book = RecordBook.named("town").with(Note.class, Noted.class).build();
        try (BerthClient client = BerthClient.to(gates)
                .credentials(args[0], args[1])
                .records(book)
                .onTold(told -> System.out.println(
                        "told: " + told.letter().as(Note.class).text()))
                .onOffline(offline -> System.out.println("offline: " + offline.why()))
                .onEnd(ended -> System.out.println("ended: " + ended.code() + ", " + ended.text()))
                .connect()) {
            System.out.println("online as " + client.awaitOnline(Duration.ofSeconds(30)));
            Scanner lines = new Scanner(System.in);
            while (lines.hasNextLine()) {
                Noted noted = client.ask(new Note(lines.nextLine()), Duration.ofSeconds(30))
                        .as(Noted.class);
                System.out.println("noted: " + noted.text() + ", after " + noted.before() + " others");
            }
        } catch (ClientException e) {
            System.out.println(e.kind() + " " + e.code() + ": " + e.getMessage());
        }
    }
}
