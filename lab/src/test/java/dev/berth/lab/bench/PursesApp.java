package dev.berth.lab.bench;

import dev.berth.node.Berth;
import dev.berth.node.demo.Purses;
import dev.berth.node.demo.Purses.Purse;
import dev.berth.node.entity.Entities;
import java.io.IOException;

/** The owners of {@link EntityChaosTest}. */
public final class PursesApp {
    private PursesApp() {}

    static Entities entities() {
        return Purses.of(Harbor.SERVICE);
    }

    public static void main(String[] args) throws IOException {
        Berth.app(Harbor.SERVICE).entity(Purse.class, Purses::code).start();
    }
}
