package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.perennial.eventstore.LostPower.Kept;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A disk loses what wasn't synced, all of it, or this sector and not that. A process is traced while it writes, and
/// its disk is put together as a loss of power would leave it: before every sync, behind acknowledgements, and
/// anywhere.
///
/// `-Dperennial.power-cuts=2000` is what a release is measured with; `-Deventstore.seed=N` repeats the requests and
/// where the power is lost, as far as threads go the same ways again.
class PowerLossTest {
    private static final int CUTS = Integer.getInteger("perennial.power-cuts", 120);
    private static final int CUTS_OF_A_HISTORY = 600;
    private static final String STORE = "data";

    // What was traced is left where it failed.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final PowerReport report = new PowerReport();

    @Test
    void whatever_was_acknowledged_before_a_loss_of_power_is_there_after_it() throws Exception {
        requireStrace();
        long seed = Long.getLong("eventstore.seed", System.nanoTime());
        while (report.cuts() < CUTS && report.problems().isEmpty()) {
            cut(seed++, Math.min(CUTS_OF_A_HISTORY, CUTS - report.cuts()));
        }
        System.out.println(report);
        assertTrue(report.problems().isEmpty(), () -> String.join("\n", report.problems()));
    }

    // A test that is left out where it can't run is left out for good.
    private void requireStrace() throws Exception {
        List<String> command = new ArrayList<>(WriteLog.strace(directory.resolve("probe")));
        command.add("true");
        try {
            Process probe =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (probe.waitFor() != 0 || Files.size(directory.resolve("probe")) == 0) {
                fail("strace may not trace here, and without it nobody knows what survives a loss of power. A container"
                        + " has to allow ptrace (docker run --cap-add=SYS_PTRACE): " + output);
            }
        } catch (IOException e) {
            fail("strace is missing. Debian: apt-get install strace", e);
        }
    }

    private void cut(long seed, int cuts) throws Exception {
        Path history = Files.createDirectory(directory.toRealPath().resolve("seed-" + seed));
        List<PowerScript> clients = IntStream.range(0, PowerScript.CLIENTS)
                .mapToObj(client -> new PowerScript(seed, client))
                .toList();
        List<DiskOperation> operations = trace(history, seed);
        Random random = new Random(seed);
        SortedSet<Integer> moments = moments(operations, Math.ceilDiv(cuts, Kept.values().length), random);
        var disk = new LostPower();
        var acknowledged = new Acknowledged(clients);
        report.history();
        for (int done = 0; done < operations.size(); done++) {
            if (moments.contains(done)) {
                for (Kept kept : Kept.values()) {
                    Path left = history.resolve("left");
                    disk.lay(left, kept, random);
                    String where = "seed " + seed + ", at " + done + " of " + operations.size() + ", kept " + kept;
                    PowerWitness.look(left.resolve(STORE), acknowledged, report, where);
                    delete(left);
                }
            }
            DiskOperation operation = operations.get(done);
            disk.apply(operation);
            if (operation instanceof DiskOperation.Said(String line)) {
                acknowledged.hear(line);
            }
        }
        assertEquals(PowerScript.CLIENTS * PowerScript.STEPS, acknowledged.steps());
        delete(history);
    }

    private static List<DiskOperation> trace(Path history, long seed) throws Exception {
        Path root = Files.createDirectory(history.resolve("disk"));
        Path said = history.resolve("said");
        Path log = history.resolve("log");
        try (Child child = Child.startTraced(
                log, PowerProgram.class, root.resolve(STORE).toString(), said.toString(), String.valueOf(seed))) {
            assertEquals(List.of(), child.linesToTheEnd());
            assertEquals(0, child.end());
        }
        try (var disk = new StoreOnDisk(root.resolve(STORE))) {
            assertTrue(disk.number("SELECT count(*) FROM chunk") > 0, "nothing has settled");
        }
        return WriteLog.read(log, root, said);
    }

    // Before a sync most is at stake, and behind an acknowledgement a promise.
    private static SortedSet<Integer> moments(List<DiskOperation> operations, int count, Random random) {
        List<Integer> decisive = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int moment = 1; moment < operations.size(); moment++) {
            boolean isDecisive = operations.get(moment) instanceof DiskOperation.Sync
                    || (operations.get(moment - 1) instanceof DiskOperation.Said(String line)
                            && line.startsWith("acked"));
            (isDecisive ? decisive : others).add(moment);
        }
        Collections.shuffle(decisive, random);
        Collections.shuffle(others, random);
        int most = Math.min(decisive.size(), count * 2 / 3);
        return Stream.concat(decisive.stream().limit(most), others.stream().limit(count - most))
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
