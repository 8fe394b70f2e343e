package io.perennial.http;

import io.helidon.http.HeaderName;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.Producer;
import java.util.regex.Pattern;

/// The headers by which a producer numbers its appends (protocol, section 5.2.1): all three, or none.
final class ProducerHeaders {
    // 2^53 - 1 has 16 digits.
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}");

    private ProducerHeaders() {}

    static Producer of(ServerRequestHeaders headers) {
        boolean id = headers.contains(Names.PRODUCER_ID);
        boolean epoch = headers.contains(Names.PRODUCER_EPOCH);
        boolean seq = headers.contains(Names.PRODUCER_SEQ);
        if (!id && !epoch && !seq) {
            return Producer.ANONYMOUS;
        }
        if (!id || !epoch || !seq) {
            throw invalid("Producer-Id, Producer-Epoch and Producer-Seq go together: all three, or none");
        }
        String name = single(headers, Names.PRODUCER_ID);
        if (name.isEmpty() || name.length() > Producer.LONGEST_ID || !StreamHeaders.isAscii(name)) {
            throw invalid("Producer-Id has 1 to " + Producer.LONGEST_ID + " characters of ASCII");
        }
        return new Producer.Idempotent(
                name, number(headers, Names.PRODUCER_EPOCH), number(headers, Names.PRODUCER_SEQ));
    }

    private static long number(ServerRequestHeaders headers, HeaderName name) {
        String text = single(headers, name);
        long number = NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (number < 0 || number > Producer.GREATEST) {
            throw invalid(name.defaultCase() + " is a whole number from 0 to " + Producer.GREATEST);
        }
        return number;
    }

    private static String single(ServerRequestHeaders headers, HeaderName name) {
        if (headers.get(name).valueCount() > 1) {
            throw invalid(name.defaultCase() + " is given more than once");
        }
        return headers.get(name).get();
    }

    /// Tells the producer what was accepted of it.
    static void echo(ServerResponse response, Producer producer, long lastSeq) {
        if (producer instanceof Producer.Idempotent numbered) {
            response.header(Names.PRODUCER_EPOCH, Long.toString(numbered.epoch()));
            response.header(Names.PRODUCER_SEQ, Long.toString(lastSeq));
        }
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(Problem.badRequest("InvalidProducer", message));
    }
}
