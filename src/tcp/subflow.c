// SPDX-License-Identifier: MIT
#include "tcp/subflow.h"

#include <string.h>

#include "base/cleanup.h"
#include "tcp/cause.h"

const char *tcp_subflow_name(enum tcp_subflow s)
{
	static const char *const names[TCP_SUBFLOW_N] = {
		[TCP_SUBFLOW_FIRST] = "first",
		[TCP_SUBFLOW_JOIN] = "join",
		[TCP_SUBFLOW_SOME] = "some",
	};

	return (unsigned int)s < TCP_SUBFLOW_N ? names[s] : NULL;
}

/* Functions of net/mptcp that say more than that the socket is a subflow. */
static const struct {
	const char *name;
	enum tcp_subflow subflow;
} rows[] = {
	{"__mptcp_subflow_connect", TCP_SUBFLOW_JOIN},
	{"mptcp_connect", TCP_SUBFLOW_FIRST},	     /* 6.4 and later */
	{"mptcp_stream_connect", TCP_SUBFLOW_FIRST}, /* up to 6.3 */
};

static enum tcp_subflow subflow_of(const char *frame)
{
	size_t len = strcspn(frame, ".+ ");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strncmp(frame, rows[i].name, len) && !rows[i].name[len])
			return rows[i].subflow;
	}
	if (!strncmp(frame, "mptcp_", 6) || !strncmp(frame, "__mptcp_", 8))
		return TCP_SUBFLOW_SOME;
	return TCP_SUBFLOW_NONE;
}

enum tcp_subflow tcp_subflow_of_chain(const char *const *frames, size_t n_frames)
{
	enum tcp_subflow found = TCP_SUBFLOW_NONE;

	for (size_t i = 0; i < n_frames; i++) {
		enum tcp_subflow s;

		if (!frames[i])
			continue;
		s = subflow_of(frames[i]);
		if (s == TCP_SUBFLOW_FIRST || s == TCP_SUBFLOW_JOIN)
			return s;
		if (s)
			found = s;
		else if (tcp_frame_is_boundary(frames[i]))
			break;
	}
	return found;
}
