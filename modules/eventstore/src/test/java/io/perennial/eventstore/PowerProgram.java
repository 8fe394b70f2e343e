package io.perennial.eventstore;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.PowerState.Step;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Plays a script on a store that it opens three times, several clients at once, and writes down what it asks for and
/// what is acknowledged: `asked CLIENT STEP`, and `acked CLIENT STEP OFFSET...`, a write each.
final class PowerProgram {
    private final Path directory;
    private final OutputStream said;
    private final List<PowerScript> clients;

    private PowerProgram(Path directory, OutputStream said, long seed) {
        this.directory = directory;
        this.said = said;
        this.clients = IntStream.range(0, PowerScript.CLIENTS)
                .mapToObj(client -> new PowerScript(seed, client))
                .toList();
    }

    /// Arguments: the store's directory, the file for what it says, the seed.
    public static void main(String[] arguments) throws Exception {
        try (OutputStream said = new FileOutputStream(arguments[1])) {
            new PowerProgram(Path.of(arguments[0]), said, Long.parseLong(arguments[2])).run();
        }
    }

    private void run() throws Exception {
        for (int part = 0; part < PowerScript.PARTS; part += 2) {
            try (var bus = new Bus<Commit>(BusLimits.defaults(), Commit::bytes);
                    EventStore store = EventStore.open(StoreConfig.of(directory), InstantSource.system(), bus)) {
                play(store, part);
                // Nobody writes meanwhile: the log begins anew with the next commit.
                checkpoint();
                List<Future<?>> clients = begin(store, part + 1);
                checkpoint();
                end(clients);
            }
        }
    }

    private void play(EventStore store, int part) throws Exception {
        end(begin(store, part));
    }

    private List<Future<?>> begin(EventStore store, int part) {
        List<Future<?>> playing = new ArrayList<>();
        for (int client = 0; client < clients.size(); client++) {
            int number = client;
            playing.add(Eventually.start(() -> {
                for (int step = 0; step < PowerScript.STEPS_OF_A_PART; step++) {
                    play(store, number, part * PowerScript.STEPS_OF_A_PART + step);
                }
                return number;
            }));
        }
        return playing;
    }

    private static void end(List<Future<?>> playing) throws Exception {
        for (Future<?> client : playing) {
            Eventually.result(client);
        }
    }

    private void play(EventStore store, int client, int step) throws IOException {
        say("asked " + client + " " + step);
        String offsets = switch (clients.get(client).step(step)) {
            case Step.Creating(Create create) -> {
                StreamInfo info = ((CreateOutcome.Created) store.create(create)).stream();
                yield " " + info.created() + " " + info.tail();
            }
            case Step.Appending(Append append) ->
                store.append(append) instanceof AppendOutcome.Appended(Offset first, Offset next, Ending _)
                        ? " " + first + " " + next
                        : duplicate(store, append);
            case Step.Deleting(String stream) -> {
                if (store.delete(Appends.key(stream)) != DeleteOutcome.DELETED) {
                    throw new IllegalStateException("not deleted: " + stream);
                }
                yield "";
            }
        };
        say("acked " + client + " " + step + offsets);
    }

    private static String duplicate(EventStore store, Append append) {
        if (store.append(append) instanceof AppendOutcome.Duplicate) {
            return "";
        }
        throw new IllegalStateException("neither appended nor a duplicate: " + append.stream());
    }

    private synchronized void say(String line) throws IOException {
        said.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    // As the store itself does after 8,000 blocks: too many to be written here, and traced.
    private void checkpoint() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(SqliteStore.FILE));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = NORMAL");
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }
}
