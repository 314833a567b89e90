// SPDX-License-Identifier: MIT
#include "tcp/fields.h"

#include <string.h>

#include "tcp/names.h"

#define AT(member) offsetof(struct tcp_event, member)

const struct tcp_field_info tcp_fields[TCP_FIELD_N] = {
	[TCP_FIELD_FAMILY] = {"family", "family", TCP_TYPE_FAMILY, AT(family)},
	[TCP_FIELD_LADDR] = {"laddr", "laddr", TCP_TYPE_ADDR, AT(local.addr)},
	[TCP_FIELD_LPORT] = {"lport", "lport", TCP_TYPE_PORT, AT(local.port)},
	[TCP_FIELD_RADDR] = {"raddr", "raddr", TCP_TYPE_ADDR, AT(remote.addr)},
	[TCP_FIELD_RPORT] = {"rport", "rport", TCP_TYPE_PORT, AT(remote.port)},
	[TCP_FIELD_SK] = {"sk", "sk", TCP_TYPE_ID, AT(sk)},
	[TCP_FIELD_SKB] = {"skb", "skb", TCP_TYPE_ID, AT(skb)},
	[TCP_FIELD_REQ] = {"req", "req", TCP_TYPE_ID, AT(req)},
	[TCP_FIELD_COOKIE] = {"cookie", "cookie", TCP_TYPE_U64, AT(cookie)},
	[TCP_FIELD_STATE] = {"state", "state", TCP_TYPE_STATE, AT(state)},
	[TCP_FIELD_OLDSTATE] = {"oldstate", "old", TCP_TYPE_STATE, AT(oldstate)},
	[TCP_FIELD_NEWSTATE] = {"newstate", "new", TCP_TYPE_STATE, AT(newstate)},
	[TCP_FIELD_PROTOCOL] = {"protocol", "protocol", TCP_TYPE_PROTOCOL, AT(protocol)},
	[TCP_FIELD_CONG_STATE] = {"cong_state", "ca", TCP_TYPE_CA, AT(cong_state)},
	[TCP_FIELD_ERR] = {"err", "err", TCP_TYPE_ERROR, AT(err)},
	[TCP_FIELD_REASON] = {"reason", "reason", TCP_TYPE_REASON, AT(reason)},
	[TCP_FIELD_RET] = {"ret", "ret", TCP_TYPE_I32, AT(ret)},
	[TCP_FIELD_FLAGS] = {"flags", "flags", TCP_TYPE_I32, AT(flags)},
	[TCP_FIELD_MARK] = {"mark", "mark", TCP_TYPE_U32, AT(mark)},
	[TCP_FIELD_DATA_LEN] = {"data_len", "len", TCP_TYPE_U32, AT(data_len)},
	[TCP_FIELD_SND_NXT] = {"snd_nxt", "snd_nxt", TCP_TYPE_U32, AT(snd_nxt)},
	[TCP_FIELD_SND_UNA] = {"snd_una", "snd_una", TCP_TYPE_U32, AT(snd_una)},
	[TCP_FIELD_SND_CWND] = {"snd_cwnd", "cwnd", TCP_TYPE_U32, AT(snd_cwnd)},
	[TCP_FIELD_SSTHRESH] = {"ssthresh", "ssthresh", TCP_TYPE_U32, AT(ssthresh)},
	[TCP_FIELD_SND_WND] = {"snd_wnd", "snd_wnd", TCP_TYPE_U32, AT(snd_wnd)},
	[TCP_FIELD_SRTT_US] = {"srtt_us", "srtt_us", TCP_TYPE_U32, AT(srtt_us)},
	[TCP_FIELD_RCV_WND] = {"rcv_wnd", "rcv_wnd", TCP_TYPE_U32, AT(rcv_wnd)},
	[TCP_FIELD_NET_COOKIE] = {"net_cookie", "net", TCP_TYPE_U64, AT(net_cookie)},
	[TCP_FIELD_DUMP] = {"listing", "listing", TCP_TYPE_U8, AT(listing)},
	[TCP_FIELD_NETNS] = {"netns", "netns", TCP_TYPE_U32, AT(netns)},
	[TCP_FIELD_INODE] = {"inode", "inode", TCP_TYPE_U32, AT(inode)},
	[TCP_FIELD_HOLDER] = {"holder", "holder", TCP_TYPE_I32, AT(holder)},
	[TCP_FIELD_HOLDERS] = {"holders", "holders", TCP_TYPE_U32, AT(holders)},
	[TCP_FIELD_LOCATION] = {"location", "location", TCP_TYPE_ID, AT(location)},
};

uint64_t tcp_field_value(const struct tcp_event *e, enum tcp_field field)
{
	const void *at = (const char *)e + tcp_fields[field].offset;

	if (!tcp_event_has(e, field))
		return 0;
	switch (tcp_fields[field].type) {
	case TCP_TYPE_FAMILY:
	case TCP_TYPE_U8: return *(const uint8_t *)at;
	case TCP_TYPE_PORT: return *(const uint16_t *)at;
	case TCP_TYPE_ID:
	case TCP_TYPE_U64: return *(const uint64_t *)at;
	case TCP_TYPE_U32: return *(const uint32_t *)at;
	case TCP_TYPE_I32:
	case TCP_TYPE_STATE:
	case TCP_TYPE_CA:
	case TCP_TYPE_PROTOCOL:
	case TCP_TYPE_ERROR:
	case TCP_TYPE_REASON: return (uint64_t)(int64_t) * (const int32_t *)at;
	case TCP_TYPE_ADDR: return 0;
	}
	return 0;
}

const char *tcp_field_word(const struct tcp_event *e, enum tcp_field field)
{
	int v = (int)(int64_t)tcp_field_value(e, field);

	if (!tcp_event_has(e, field))
		return NULL;
	switch (tcp_fields[field].type) {
	case TCP_TYPE_STATE: return tcp_state_name(v);
	case TCP_TYPE_CA: return tcp_ca_name(v);
	case TCP_TYPE_PROTOCOL: return tcp_protocol_name(v);
	case TCP_TYPE_ERROR: return tcp_errno_name(v);
	case TCP_TYPE_REASON: return e->reason_name;
	default: return NULL;
	}
}

bool tcp_event_extra(const struct tcp_event *e, const char *name, uint64_t *ret)
{
	for (size_t i = 0; i < e->n_extras; i++) {
		const struct tcp_extra *x = &e->extras[i];

		if (x->kind != TCP_EXTRA_TEXT && !strcmp(x->name, name)) {
			*ret = x->value;
			return true;
		}
	}
	return false;
}
