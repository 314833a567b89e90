// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>

#include "tcp/names.h"
#include "tcp/reset-kind.h"
#include "track/ending.h"

struct ended {
	int states[4]; /* that the connection was in; the last one is that before CLOSE */
	struct tcp_conn_cold cold;
	enum tcp_ending ending;
};

#define EST TCP_STATE_ESTABLISHED

static void test_ending_by_resets_errors_and_fins(void **state)
{
	static const struct ended cases[] = {
		/* A RST that was received counts more than the error it causes, and than our
		 * own. */
		{{EST}, {.n_resets_received = 1, .err = ETIMEDOUT}, TCP_ENDING_REMOTE_RESET},
		{{EST}, {.n_resets_received = 1, .n_resets_sent = 1}, TCP_ENDING_REMOTE_RESET},
		{{EST}, {.err = ETIMEDOUT, .n_resets_sent = 1}, TCP_ENDING_TIMEOUT},
		{{EST}, {.n_resets_sent = 1}, TCP_ENDING_LOCAL_RESET},
		/* The errors of tcp_reset. */
		{{EST}, {.err = ECONNRESET}, TCP_ENDING_REMOTE_RESET},
		{{TCP_STATE_SYN_SENT}, {.err = ECONNREFUSED}, TCP_ENDING_REMOTE_RESET},
		{{EST, TCP_STATE_CLOSE_WAIT}, {.err = EPIPE}, TCP_ENDING_REMOTE_RESET},
		{{TCP_STATE_SYN_SENT}, {.err = EHOSTUNREACH}, TCP_ENDING_ERROR},
		/* Data after close() sets the error of a RST that is received. */
		{{EST, TCP_STATE_FIN_WAIT2},
		 {.err = ECONNRESET, .n_resets_sent = 1},
		 TCP_ENDING_LOCAL_RESET},
		/* tcp_abort (ss -K), with its error or, on kernels without that event, its RST. */
		{{EST}, {.err = ECONNABORTED, .n_resets_sent = 1}, TCP_ENDING_DESTROYED},
		{{TCP_STATE_SYN_SENT}, {.err = ECONNABORTED}, TCP_ENDING_DESTROYED},
		{{EST},
		 {.n_resets_sent = 1, .reset = {.kind = RESET_DESTROYED}},
		 TCP_ENDING_DESTROYED},
		/* Who closed first. */
		{{EST, TCP_STATE_FIN_WAIT1, TCP_STATE_FIN_WAIT2}, {0}, TCP_ENDING_LOCAL_FIN},
		{{EST, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK}, {0}, TCP_ENDING_REMOTE_FIN},
		{{EST, TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSING}, {0}, TCP_ENDING_BOTH_FIN},
		/* The peer closed, this host never did: its process left. */
		{{EST, TCP_STATE_CLOSE_WAIT}, {0}, TCP_ENDING_ABORTED},
		{{EST}, {0}, TCP_ENDING_ABORTED},
		/* An orphan whose FIN is not acknowledged (tcp_orphan_retries). */
		{{EST, TCP_STATE_FIN_WAIT1}, {.n_timeouts = 3}, TCP_ENDING_TIMEOUT},
		{{EST, TCP_STATE_FIN_WAIT1}, {0}, TCP_ENDING_ABORTED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tcp_conn_cold cold = cases[i].cold;
		struct tcp_conn c = {.cold = &cold};

		for (size_t k = 0; k < 4 && cases[i].states[k]; k++) {
			ending_note_state(&c, cases[i].states[k]);
			c.last_state = (uint8_t)cases[i].states[k];
		}
		ending_decide(&c);
		if (c.ending != cases[i].ending)
			fail_msg("case %zu: %s", i, tcp_ending_name(c.ending));
	}
}

static void test_ending_knows_what_was_established(void **state)
{
	static const int before[] = {TCP_STATE_SYN_SENT, TCP_STATE_SYN_RECV, TCP_STATE_LISTEN,
				     TCP_STATE_CLOSE};
	static const int after[] = {EST,
				    TCP_STATE_FIN_WAIT1,
				    TCP_STATE_FIN_WAIT2,
				    TCP_STATE_CLOSE_WAIT,
				    TCP_STATE_LAST_ACK,
				    TCP_STATE_CLOSING};

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		struct tcp_conn c = {0};

		ending_note_state(&c, before[i]);
		assert_false(c.was_established);
	}
	for (size_t i = 0; i < ARRAY_SIZE(after); i++) {
		struct tcp_conn c = {0};

		ending_note_state(&c, after[i]);
		assert_true(c.was_established);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ending_by_resets_errors_and_fins),
		cmocka_unit_test(test_ending_knows_what_was_established),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
