/** Membership and slots: the master, the member, and the view that both share. PROTOCOL.md's rules are cited by number. */
@NullMarked
package dev.berth.core.cluster;

import org.jspecify.annotations.NullMarked;
