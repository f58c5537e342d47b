/** What users of sessions say and hear: clients of Berth's own protocol, pages in browsers. */
@NullMarked
package dev.berth.poker.user;

import org.jspecify.annotations.NullMarked;
