package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The page's own reader of server-sent events, in the page.
class InspectorReaderTest {
    private static final Duration QUICK = Duration.ofSeconds(2);

    private static final List<String> LINES = List.of(
            "\uFEFFdata: first",
            "",
            ": a comment",
            "id: 1",
            "data: {\"a\":\"é€😀\"}",
            "",
            "data: one",
            "data:two",
            "data:  three",
            "data",
            "",
            "event: heartbeat",
            "data: {\"timestamp\":1}",
            "id: 2",
            "",
            ": nothing but a comment",
            "",
            "event: without data",
            "",
            "retry: 5",
            "of: no meaning",
            "data: b:c",
            "",
            "id",
            "data:",
            "",
            "id: 3",
            "id: with a\0NUL",
            "data: last",
            "",
            "data: without an end");
    private static final String EVENTS = """
            [{"type":"message","data":"first","id":""},\
            {"type":"message","data":"{\\"a\\":\\"é€😀\\"}","id":"1"},\
            {"type":"message","data":"one\\ntwo\\n three\\n","id":"1"},\
            {"type":"heartbeat","data":"{\\"timestamp\\":1}","id":"2"},\
            {"type":"message","data":"b:c","id":"2"},\
            {"type":"message","data":"","id":""},\
            {"type":"message","data":"last","id":"3"}]""";

    @AutoClose
    private final Machine machine = new Machine();

    /// What a script comes to that has the reader, and what it was given.
    private static String run(InspectorWindow window, String given, String script) throws Exception {
        return window.text("import('/inspector/sse.js').then(async ({ EventReader }) => { const given = "
                + Json.createValue(given) + "; " + script + " })");
    }

    @Test
    void events_are_the_same_wherever_the_network_has_cut_them() throws Exception {
        try (InspectorWindow window = new InspectorWindow(machine, machine.server())) {
            window.show("");
            for (String end : List.of("\n", "\r", "\r\n")) {
                JsonObject found =
                        Client.json(run(window, String.join(end, LINES), """
                        const octets = new TextEncoder().encode(given)
                        const read = (...pieces) => {
                          const heard = []
                          const reader = new EventReader(event => heard.push(event))
                          pieces.forEach(piece => reader.push(piece))
                          return JSON.stringify(heard)
                        }
                        const whole = read(octets)
                        const others = []
                        let cuts = 0
                        const look = (where, ...pieces) => {
                          cuts++
                          const events = read(...pieces)
                          if (events !== whole) {
                            others.push(`${where}: ${events}`)
                          }
                        }
                        look('everywhere', ...Array.from(octets, octet => Uint8Array.of(octet)))
                        for (let i = 0; i <= octets.length; i++) {
                          for (let j = i; j <= octets.length; j++) {
                            look(`${i}, ${j}`, octets.slice(0, i), octets.slice(i, j), octets.slice(j))
                          }
                        }
                        return JSON.stringify({ whole, cuts, others: others.slice(0, 3) })
                        """)).asJsonObject();
                assertEquals(EVENTS, found.getString("whole"));
                assertEquals("[]", found.getJsonArray("others").toString());
                assertTrue(found.getInt("cuts") > 20_000, found.toString());
            }
        }
    }

    @Test
    void a_body_that_breaks_off_leaves_its_whole_events_and_no_half_of_one() throws Exception {
        try (InspectorWindow window = new InspectorWindow(machine, machine.server())) {
            window.show("");
            assertEquals("[\"1\"]", run(window, "data: 1\n\ndata: 2\n", """
                    const heard = []
                    const body = new ReadableStream({
                      start: out => out.enqueue(new TextEncoder().encode(given)),
                      pull: out => out.error(new TypeError('broken'))
                    })
                    await new EventReader(event => heard.push(event.data)).read(body)
                    return JSON.stringify(heard)
                    """));
        }
    }

    @Test
    void eight_megabytes_in_one_line_and_a_hundred_thousand_short_ones_take_no_time() throws Exception {
        try (InspectorWindow window = new InspectorWindow(machine, machine.server())) {
            window.show("");
            String[] found = run(window, "data: 12345\nid: 01ARZ3NDEKTSV4RRFFQ69G5FAV\n\n", """
                    const encoder = new TextEncoder()
                    let octets = 0
                    let events = 0
                    const time = text => {
                      const bytes = encoder.encode(text)
                      const reader = new EventReader(event => { events++; octets += event.data.length })
                      const begin = performance.now()
                      for (let i = 0; i < bytes.length; i += 4_096) {
                        reader.push(bytes.subarray(i, i + 4_096))
                      }
                      return Math.round(performance.now() - begin)
                    }
                    const long = time(`data: ${'x'.repeat(8e6)}\\n\\n`)
                    const short = time(given.repeat(1e5))
                    return `${events} ${octets} ${long} ${short}`
                    """)
                    .split(" ", -1);
            System.out.println("8 MB in one event took " + found[2] + " ms, 100,000 events took " + found[3] + " ms");
            assertEquals(List.of("100001", "8500000"), List.of(found[0], found[1]));
            assertTrue(Integer.parseInt(found[2]) < QUICK.toMillis(), found[2] + " ms");
            assertTrue(Integer.parseInt(found[3]) < QUICK.toMillis(), found[3] + " ms");
        }
    }
}
