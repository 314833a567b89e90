// SPDX-License-Identifier: MIT
#include "fuzz/event-bytes.h"

#include "base/units.h"
#include "tcp/names.h"

static void set_end(struct endpoint *e, uint8_t byte)
{
	const uint8_t bytes[4] = {10, 0, 0, byte >> 4 & 3};

	e->addr = ip_addr_v4(bytes);
	e->port = byte & 7 ? 1000 + (byte & 7) : 0;
}

void event_from_bytes(const uint8_t *b, uint64_t *now, struct tcp_info_values *tcp_info,
		      struct tcp_event *e)
{
	static const uint32_t steps[] = {0, 1000, 40000, 1000000, 300000000, 2100000000};

	*now += steps[b[1] % ARRAY_SIZE(steps)];
	*e = (struct tcp_event){
		.ts_ns = *now,
		.kind = b[0] % TCP_KIND_N,
		.system = "tcp",
		.name = "any",
		.tracepoint = b[0] % TCP_KIND_N,
		.cpu = b[1] >> 6,
		.common_flags = b[2] & 1 ? 0x10 : 0,
		.cpu_tid = b[2] >> 1 & 7,
		.family = 4,
		.sk = b[3] & 7,
		.cookie = b[3] >> 4,
		.oldstate = b[4] & 15,
		.newstate = b[4] >> 4,
		.state = b[5] & 15,
		.dump = b[5] >> 4 & 3,
		.cong_state = b[5] >> 4 & 7,
		.protocol = b[6] & 1 ? TCP_PROTOCOL_MPTCP : TCP_PROTOCOL_TCP,
		.err = (int8_t)b[6],
		.ret = (int16_t)(b[6] << 8 | b[7]),
		.flags = b[7] & 3,
		.holder = b[7] & 7,
		.holders = b[7] >> 4,
		.present = ~0ull,
	};
	set_end(&e->local, b[8]);
	set_end(&e->remote, b[9]);
	e->chain = (struct tcp_chain_cause){b[10] % TCP_CAUSE_N, b[10] >> 4 & 3};
	for (unsigned int i = 0; i < TCP_INFO_N; i++)
		tcp_info->values[i] = (uint64_t)b[10] * i + b[11];
	tcp_info->present = b[11] * 0x0101010101010101u;
	e->tcp_info = b[11] & 1 ? tcp_info : NULL;
	for (unsigned int i = 0; i < 8; i++) {
		static const enum tcp_field some[] = {
			TCP_FIELD_SK,	 TCP_FIELD_COOKIE, TCP_FIELD_LPORT, TCP_FIELD_RPORT,
			TCP_FIELD_STATE, TCP_FIELD_HOLDER, TCP_FIELD_ERR,   TCP_FIELD_LADDR,
		};

		/* Mostly there. */
		if ((b[11] & 0x81) == 0x80 && b[10] & 1u << i)
			e->present &= ~TCP_FIELD_BIT(some[i]);
	}
}
