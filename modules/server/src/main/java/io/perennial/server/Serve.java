package io.perennial.server;

import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;

/// `perennial serve`: starts the server, says where it is, and stops it when the process is told to end.
final class Serve {
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
        Lifecycle.say(
                Level.INFO,
                "server.started url=" + server.url() + " version=" + Version.text() + " pid="
                        + ProcessHandle.current().pid());
        new CountDownLatch(1).await();
        return 0;
    }

    private static void stop(PerennialServer server) {
        Lifecycle.say(Level.INFO, "server.stopping");
        try {
            server.close();
            Lifecycle.say(Level.INFO, "server.stopped");
            System.out.flush();
            // An end that was asked for is a success; left alone, the JVM would report the signal's number.
            Runtime.getRuntime().halt(0);
        } catch (RuntimeException e) {
            Lifecycle.say(Level.ERROR, "server.stop-failed reason=" + e);
            Runtime.getRuntime().halt(1);
        }
    }
}
