package dev.berth.poker;

import dev.berth.node.Berth;
import dev.berth.node.UserApp;

/** The application: its entities, and users with accounts. */
public final class Poker {
    public static final String NAME = "poker";

    private Poker() {}

    public static UserApp<Long> app() {
        return Berth.app(NAME)
                .entity(OpenTable.class, TableCode::new)
                .entity(Player.class, PlayerCode::new)
                .entity(Catalog.class, Catalog.Code::new)
                .entity(Numbers.class, Numbers.Code::new)
                .records(
                        OpenTable.Heard.class,
                        OpenTable.TableKept.class,
                        Player.PlayerKept.class,
                        Player.Opened.class,
                        Catalog.Shelf.class,
                        Numbers.Given.class)
                .accounts();
    }
}
