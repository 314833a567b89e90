/* SPDX-License-Identifier: MIT */
/*
 * timeout-runs: follows the runs of timeouts of a connection, in its history.
 */
#pragma once

#include "gather/conn-history.h"

/* Adds a timeout of rto_us microseconds (0: unknown), in a TCP state (0: unknown), to the run. True
 * if it is the first of a run. */
bool conn_history_timeout(struct conn_history *t, uint64_t ts_ns, uint32_t rto_us, uint8_t state);
/* Adds a timeout at which the first copy was still in a queue of this host, so that nothing was
 * sent. One is no trouble; several in a row are a stall, and no sign of lost data. */
void conn_history_queued(struct conn_history *t, uint64_t ts_ns, uint8_t state);
/* Notes that the timeout added last sent nothing, because this host could not send. */
void conn_history_failed(struct conn_history *t);
/* Notes that the peer acknowledged something at that time, on another connection. To be called
 * after conn_history_timeout(). */
void conn_history_answered_elsewhere(struct conn_history *t, uint64_t answered_ns);
/* Notes a run that a socket table has shown: its n timeouts in a row, and since when nothing is
 * acknowledged. A run whose timeouts are on the tape keeps what is known of them. is_start: the
 * table is the one at the start of the recording. */
void conn_history_tabled(struct conn_history *t, const struct timeout_run *run, bool is_start);
/* True in the states of a connection whose process has closed it, while its FIN is under way. */
bool conn_history_is_closing(uint8_t state);
/* True if nothing but the FIN of this host was retransmitted, or all data was acknowledged and the
 * FIN never was. Nobody waits for it. */
bool conn_history_is_of_fin(const struct conn_history *t);
/* Ends the current run of timeouts, because data was acknowledged or recovery began. */
void conn_history_moves(struct conn_history *t, uint64_t ts_ns);
