package io.perennial.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;

/// `perennial serve`: starts the server, says where it is, and stops it when the process is told to end.
final class Serve {
    private static final Logger LOG = System.getLogger(Serve.class.getName());

    private Serve() {}

    static int run(Settings settings) throws InterruptedException {
        PerennialServer server = new PerennialServer(settings);
        Thread stop = Thread.ofPlatform().name("perennial-stop").unstarted(() -> stop(server));
        // Before the start: told to end in the middle of it, the server still ends properly.
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            server.start();
        } catch (RuntimeException e) {
            server.close();
            Runtime.getRuntime().removeShutdownHook(stop);
            throw e;
        }
        System.out.println("Perennial " + Version.text() + " listening on " + server.url());
        System.out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    private static void stop(PerennialServer server) {
        try {
            server.close();
            System.out.flush();
            // An end that was asked for is a success; left alone, the JVM would report the signal's number.
            Runtime.getRuntime().halt(0);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "server.stop-failed", e);
            Runtime.getRuntime().halt(1);
        }
    }
}
