package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Document.Edit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
    @TempDir
    private Path directory;

    private StoreOnDisk disk;

    @BeforeEach
    void open() {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void a_document_is_added_replaced_and_removed() {
        edit(put("a", "1"), put("b", "2"));
        assertEquals(List.of("a=1", "b=2"), all());
        edit(put("a", "3"));
        assertEquals(List.of("a=3", "b=2"), all());
        edit(remove("a"), remove("unknown"));
        assertEquals(List.of("b=2"), all());
        edit();
        assertEquals(List.of("b=2"), all());
    }

    @Test
    void edits_are_done_in_their_order() {
        edit(put("a", "1"), remove("a"), put("b", "1"), put("b", "2"), remove("c"), put("c", "3"));
        assertEquals(List.of("b=2", "c=3"), all());
    }

    @Test
    void collections_know_nothing_of_each_other() {
        edit(put("a", "1"), new Edit.Put(new Document("other", "a", bytes("2"))));
        assertEquals(List.of("a=1"), all());
        edit(new Edit.Remove("other", "a"));
        assertEquals(List.of("a=1"), all());
        assertEquals(List.of(), disk.store().documents("other", "", 10));
    }

    @Test
    void the_bytes_come_back_as_they_were_given() {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        byte[] large = new byte[3_000_000];
        Arrays.fill(large, (byte) 7);
        List<byte[]> all = List.of(every, new byte[0], new byte[] {0}, large);
        for (byte[] data : all) {
            edit(new Edit.Put(new Document("c", "k", data)));
            assertTrue(Arrays.equals(
                    data, disk.store().documents("c", "", 10).getFirst().data()));
        }
    }

    @Test
    void they_are_listed_in_the_order_of_their_keys_bytes_page_by_page() {
        List<String> keys =
                List.of("b", "a", "aa", "Z", "~", " ", "é", "ä", "日本", "\uff5a", "\ud83d\ude00", "a\u0000b", "%");
        keys.forEach(key -> edit(put(key, "x")));
        List<String> expected = keys.stream()
                .sorted(Comparator.comparing(DocumentTest::bytes, Arrays::compareUnsigned))
                .toList();
        for (int limit : List.of(1, 2, 5, 12, 13, 100)) {
            List<String> listed = new ArrayList<>();
            List<Document> page = disk.store().documents("c", "", limit);
            while (!page.isEmpty()) {
                assertTrue(page.size() <= limit);
                page.forEach(document -> listed.add(document.key()));
                page = disk.store().documents("c", page.getLast().key(), limit);
            }
            assertEquals(expected, listed);
        }
    }

    @Test
    void a_page_begins_behind_a_key_whether_or_not_it_is_there() {
        edit(put("a", "1"), put("c", "3"));
        assertEquals(
                List.of("c"),
                disk.store().documents("c", "b", 10).stream().map(Document::key).toList());
        assertEquals(List.of(), disk.store().documents("c", "c", 10));
        assertThrows(IllegalArgumentException.class, () -> disk.store().documents("c", "", 0));
    }

    @Test
    void they_survive_a_restart() {
        edit(put("a", "1"), put("b", "2"));
        edit(remove("a"));
        disk.reopen();
        assertEquals(List.of("b=2"), all());
    }

    @Test
    void where_one_edit_fails_none_is_done() throws Exception {
        edit(put("a", "1"), put("b", "2"));
        disk.sql("CREATE TRIGGER failing BEFORE INSERT ON document WHEN new.key = 'poison'"
                + " BEGIN SELECT RAISE(ABORT, 'as if the disk had failed'); END");
        assertThrows(StorageException.class, () -> edit(put("a", "3"), remove("b"), put("c", "4"), put("poison", "")));
        assertEquals(List.of("a=1", "b=2"), all());
        edit(put("c", "5"));
        assertEquals(List.of("a=1", "b=2", "c=5"), all());
    }

    // Each edit puts the same number into two documents and takes away a third.
    @Test
    void of_what_a_killed_process_edited_everything_acknowledged_is_there_and_no_half() throws Exception {
        disk.close();
        for (int round = 0; round < 2; round++) {
            List<String> lines;
            try (Child child = Child.start(EditingProgram.class, directory.toString())) {
                lines = new ArrayList<>(child.lines(100));
                lines.addAll(child.kill());
            }
            int acknowledged = lines.stream()
                    .filter(line -> line.endsWith("."))
                    .mapToInt(line -> Integer.parseInt(line.substring(0, line.length() - 1)))
                    .max()
                    .orElseThrow();
            try (var after = new StoreOnDisk(directory)) {
                List<Document> documents = after.store().documents("c", "", 10);
                List<String> texts = documents.stream().map(DocumentTest::text).toList();
                int last = Integer.parseInt(texts.getFirst().substring(2));
                assertTrue(last == acknowledged || last == acknowledged + 1, acknowledged + " " + texts);
                assertEquals(List.of("a=" + last, "b=" + last, "c" + (last + 1) % 2 + "=" + last), texts);
            }
        }
        disk = new StoreOnDisk(directory);
    }

    private void edit(Edit... edits) {
        disk.store().edit(List.of(edits));
    }

    private static Edit put(String key, String data) {
        return new Edit.Put(new Document("c", key, bytes(data)));
    }

    private static Edit remove(String key) {
        return new Edit.Remove("c", key);
    }

    private List<String> all() {
        return disk.store().documents("c", "", 100).stream()
                .map(DocumentTest::text)
                .toList();
    }

    private static String text(Document document) {
        return document.key() + "=" + new String(document.data(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
