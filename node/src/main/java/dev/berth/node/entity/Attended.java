package dev.berth.node.entity;

import dev.berth.core.PublicApi;

/** Implemented by the code of an entity that rests while nobody hears its feeds. */
@PublicApi
public interface Attended {
    /**
     * Somebody hears this feed, and before nobody did. So it is after a change of the owner too, and whenever the code is made anew while
     * there are hearers: it may be called when nothing is new. What it throws is logged.
     */
    void attended(String feed);
}
