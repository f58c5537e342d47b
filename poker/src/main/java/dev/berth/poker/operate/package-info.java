/** What people type. */
@NullMarked
package dev.berth.poker.operate;

import org.jspecify.annotations.NullMarked;
