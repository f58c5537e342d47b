/** The rules of the house: source format, public API. Their tests are in this package's test folder. */
@NullMarked
package dev.berth.lab.house;

import org.jspecify.annotations.NullMarked;
