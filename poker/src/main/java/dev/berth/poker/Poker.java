package dev.berth.poker;

import dev.berth.node.Berth;
import dev.berth.node.UserApp;
import dev.berth.poker.user.UserHears;

/** The application: its entities, and users with accounts. */
public final class Poker {
    public static final String NAME = "poker";

    private Poker() {}

    public static UserApp<Long> app() {
        return UserTalk.on(Berth.app(NAME)
                .entity(OpenTable.class, TableCode::new)
                .entity(Player.class, PlayerCode::new)
                .entity(Catalog.class, Catalog.Code::new)
                .entity(Numbers.class, Numbers.Code::new)
                .records(
                        OpenTable.Heard.class,
                        OpenTable.FeltKept.class,
                        OpenTable.TableKept.class,
                        Player.PlayerKept.class,
                        Player.Opened.class,
                        Catalog.Shelf.class,
                        Numbers.Given.class,
                        Player.TakenOver.class,
                        UserHears.class)
                .accounts());
    }
}
