/** What operators ask of a running cluster: status, drains, configuration. */
@NullMarked
package dev.berth.node.operate;

import org.jspecify.annotations.NullMarked;
