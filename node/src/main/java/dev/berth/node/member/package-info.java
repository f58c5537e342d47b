/** The shell of a member: what its machine decides is done to masters, planes, slots and store. */
@NullMarked
package dev.berth.node.member;

import org.jspecify.annotations.NullMarked;
