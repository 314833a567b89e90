// SPDX-License-Identifier: MIT
#include "tcp/names.h"

#include <stddef.h>

#include "base/cleanup.h"

static const char *const states[] = {
	[TCP_STATE_ESTABLISHED] = "ESTABLISHED",
	[TCP_STATE_SYN_SENT] = "SYN_SENT",
	[TCP_STATE_SYN_RECV] = "SYN_RECV",
	[TCP_STATE_FIN_WAIT1] = "FIN_WAIT1",
	[TCP_STATE_FIN_WAIT2] = "FIN_WAIT2",
	[TCP_STATE_TIME_WAIT] = "TIME_WAIT",
	[TCP_STATE_CLOSE] = "CLOSE",
	[TCP_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCP_STATE_LAST_ACK] = "LAST_ACK",
	[TCP_STATE_LISTEN] = "LISTEN",
	[TCP_STATE_CLOSING] = "CLOSING",
	[TCP_STATE_NEW_SYN_RECV] = "NEW_SYN_RECV",
};

static const char *const ca_states[] = {
	[TCP_CA_STATE_OPEN] = "Open", [TCP_CA_STATE_DISORDER] = "Disorder",
	[TCP_CA_STATE_CWR] = "CWR",   [TCP_CA_STATE_RECOVERY] = "Recovery",
	[TCP_CA_STATE_LOSS] = "Loss",
};

/*
 * The numbers are those of include/uapi/asm-generic/errno{,-base}.h, not those of this machine,
 * because a tape may come from a machine of another architecture.
 */
static const char *const errnos[] = {
	[1] = "EPERM",
	[2] = "ENOENT",
	[4] = "EINTR",
	[5] = "EIO",
	[6] = "ENXIO",
	[7] = "E2BIG",
	[9] = "EBADF",
	[11] = "EAGAIN",
	[12] = "ENOMEM",
	[13] = "EACCES",
	[14] = "EFAULT",
	[16] = "EBUSY",
	[17] = "EEXIST",
	[19] = "ENODEV",
	[20] = "ENOTDIR",
	[22] = "EINVAL",
	[23] = "ENFILE",
	[24] = "EMFILE",
	[27] = "EFBIG",
	[28] = "ENOSPC",
	[29] = "ESPIPE",
	[30] = "EROFS",
	[32] = "EPIPE",
	[33] = "EDOM",
	[34] = "ERANGE",
	[71] = "EPROTO",
	[74] = "EBADMSG",
	[75] = "EOVERFLOW",
	[88] = "ENOTSOCK",
	[89] = "EDESTADDRREQ",
	[90] = "EMSGSIZE",
	[91] = "EPROTOTYPE",
	[92] = "ENOPROTOOPT",
	[93] = "EPROTONOSUPPORT",
	[94] = "ESOCKTNOSUPPORT",
	[95] = "EOPNOTSUPP",
	[96] = "EPFNOSUPPORT",
	[97] = "EAFNOSUPPORT",
	[98] = "EADDRINUSE",
	[99] = "EADDRNOTAVAIL",
	[100] = "ENETDOWN",
	[101] = "ENETUNREACH",
	[102] = "ENETRESET",
	[103] = "ECONNABORTED",
	[104] = "ECONNRESET",
	[105] = "ENOBUFS",
	[106] = "EISCONN",
	[107] = "ENOTCONN",
	[108] = "ESHUTDOWN",
	[110] = "ETIMEDOUT",
	[111] = "ECONNREFUSED",
	[112] = "EHOSTDOWN",
	[113] = "EHOSTUNREACH",
	[114] = "EALREADY",
	[115] = "EINPROGRESS",
	[125] = "ECANCELED",
};

static const char *name_of(const char *const *names, size_t n, int number)
{
	return number >= 0 && (size_t)number < n ? names[number] : NULL;
}

const char *tcp_state_name(int state)
{
	return name_of(states, ARRAY_SIZE(states), state);
}

const char *tcp_ca_name(int ca)
{
	return name_of(ca_states, ARRAY_SIZE(ca_states), ca);
}

const char *tcp_protocol_name(int protocol)
{
	switch (protocol) {
	case TCP_PROTOCOL_TCP: return "tcp";
	case 33: return "dccp";
	case 132: return "sctp";
	case TCP_PROTOCOL_MPTCP: return "mptcp";
	default: return NULL;
	}
}

const char *tcp_errno_name(int err)
{
	/* This also keeps INT_MIN, which cannot be negated, from the next line. */
	if (err < -(int)ARRAY_SIZE(errnos))
		return NULL;
	return name_of(errnos, ARRAY_SIZE(errnos), err < 0 ? -err : err);
}
