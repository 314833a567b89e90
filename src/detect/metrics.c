// SPDX-License-Identifier: MIT
#include "detect/metrics.h"

#include "base/units.h"
#include "detect/audit.h"

static double seconds(const struct gathered *in)
{
	return in->to_ns > in->from_ns ? (double)(in->to_ns - in->from_ns) / 1e9 : 0;
}

static bool per_second(const struct gathered *in, uint64_t n, double *ret)
{
	double s = seconds(in);

	if (s <= 0)
		return false;
	*ret = (double)n / s;
	return true;
}

static bool kind_is_recorded(const struct findings *f, enum tcp_kind kind)
{
	return f->in->context->recorded & TCP_KIND_BIT(kind);
}

static bool metric_retrans_rate(const struct findings *f, double *ret)
{
	struct rate rate = counters_retrans_rate(&f->in->total);

	*ret = (double)rate.ppm / 1e4;
	return rate_is_telling(&rate);
}

static bool is_rate_of_little(const struct findings *f)
{
	return counters_retrans_rate(&f->in->total).is_of_little;
}

static bool metric_retrans(const struct findings *f, double *ret)
{
	*ret = (double)counters_data_resent(&f->in->total);
	return kind_is_recorded(f, TCP_KIND_RETRANSMIT) || f->in->total.tcp_info.conns;
}

static bool metric_retrans_per_s(const struct findings *f, double *ret)
{
	return kind_is_recorded(f, TCP_KIND_RETRANSMIT) &&
	       per_second(f->in, counters_data_resent(&f->in->total), ret);
}

static bool metric_timeouts(const struct findings *f, double *ret)
{
	const struct tcp_info_counts *t = &f->in->total.tcp_info;

	*ret = (double)counters_timeouts(&f->in->total);
	return kind_is_recorded(f, TCP_KIND_RETRANSMIT) ||
	       (t->conns && t->with_timeouts == t->conns);
}

static bool metric_stalled(const struct findings *f, double *ret)
{
	*ret = (double)f->in->total.conns.stalled;
	return kind_is_recorded(f, TCP_KIND_RETRANSMIT);
}

static bool metric_syn_retrans(const struct findings *f, double *ret)
{
	*ret = (double)f->in->total.events.retrans[TCP_CAUSE_SYN];
	return kind_is_recorded(f, TCP_KIND_RETRANSMIT);
}

static bool metric_synack_retrans(const struct findings *f, double *ret)
{
	*ret = (double)f->in->total.events.retrans[TCP_CAUSE_SYNACK];
	return kind_is_recorded(f, TCP_KIND_RETRANSMIT_SYNACK);
}

static bool metric_resets_sent(const struct findings *f, double *ret)
{
	*ret = (double)counters_resets(&f->in->total, REPORT_SENT);
	return kind_is_recorded(f, TCP_KIND_SEND_RESET);
}

static bool metric_resets_received(const struct findings *f, double *ret)
{
	*ret = (double)counters_resets(&f->in->total, REPORT_RECEIVED);
	return kind_is_recorded(f, TCP_KIND_RECEIVE_RESET);
}

static bool metric_resets(const struct findings *f, double *ret)
{
	double sent, received;
	bool is_known = metric_resets_sent(f, &sent) && metric_resets_received(f, &received);

	*ret = is_known ? sent + received : 0;
	return is_known;
}

static bool metric_resets_per_s(const struct findings *f, double *ret)
{
	double n;

	return metric_resets(f, &n) && per_second(f->in, (uint64_t)n, ret);
}

static bool metric_connections(const struct findings *f, double *ret)
{
	*ret = (double)f->in->total.conns.n;
	return kind_is_recorded(f, TCP_KIND_SET_STATE);
}

static bool metric_connect_failures(const struct findings *f, double *ret)
{
	*ret = (double)f->in->total.attempts.failed;
	return kind_is_recorded(f, TCP_KIND_SET_STATE);
}

static bool metric_connect_failure_rate(const struct findings *f, double *ret)
{
	const struct counters *s = &f->in->total;

	*ret = s->attempts.n ? (double)s->attempts.failed * 100.0 / (double)s->attempts.n : 0;
	return kind_is_recorded(f, TCP_KIND_SET_STATE);
}

static bool latency_ms(const struct findings *f, unsigned int permille, double *ret)
{
	const struct latency *l = f->in->total.attempts.latency;

	if (!l)
		return false;
	*ret = (double)latency_permille(l, permille) / 1e6;
	return true;
}

static bool metric_connect_p50(const struct findings *f, double *ret)
{
	return latency_ms(f, 500, ret);
}

static bool metric_connect_p99(const struct findings *f, double *ret)
{
	return latency_ms(f, 990, ret);
}

static bool metric_lost(const struct findings *f, double *ret)
{
	*ret = (double)f->facts->lost;
	return true;
}

static bool metric_undelivered(const struct findings *f, double *ret)
{
	*ret = (double)f->facts->undelivered;
	return true;
}

static bool metric_unaccounted(const struct findings *f, double *ret)
{
	struct audit audit;
	uint64_t n;
	bool is_known;

	audit_make(&audit, f->in, f->facts);
	is_known = audit_unaccounted(&audit, &n);
	*ret = (double)n;
	return is_known;
}

static double findings_of_level(const struct findings *f, enum document_level level)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->items[i]->shown.level >= level;
	return (double)n;
}

static bool metric_findings(const struct findings *f, double *ret)
{
	*ret = findings_of_level(f, DOCUMENT_NOTICE);
	return true;
}

static bool metric_warnings(const struct findings *f, double *ret)
{
	*ret = findings_of_level(f, DOCUMENT_WARNING);
	return true;
}

static bool metric_critical(const struct findings *f, double *ret)
{
	*ret = findings_of_level(f, DOCUMENT_CRITICAL);
	return true;
}

const struct report_metric report_metrics[] = {
	{"retrans_rate", "%", "data that was retransmitted, of all that was sent",
	 metric_retrans_rate, is_rate_of_little},
	{"retrans", "", "retransmissions of data", metric_retrans, NULL},
	{"retrans_per_s", "/s", "retransmissions of data per second", metric_retrans_per_s, NULL},
	{"timeouts", "", "retransmission timeouts", metric_timeouts, NULL},
	{"stalled", "", "connections with three timeouts in a row, or that the kernel gave up",
	 metric_stalled, NULL},
	{"syn_retrans", "", "SYNs retransmitted", metric_syn_retrans, NULL},
	{"synack_retrans", "", "SYN-ACKs retransmitted", metric_synack_retrans, NULL},
	{"resets", "", "RSTs sent and received before both sides had closed", metric_resets, NULL},
	{"resets_sent", "", "RSTs sent", metric_resets_sent, NULL},
	{"resets_received", "", "RSTs received", metric_resets_received, NULL},
	{"resets_per_s", "/s", "RSTs per second", metric_resets_per_s, NULL},
	{"connections", "", "connections and attempts", metric_connections, NULL},
	{"connect_failures", "", "connects that failed, or whose answer is overdue",
	 metric_connect_failures, NULL},
	{"connect_failure_rate", "%", "the same, of all attempts from this host",
	 metric_connect_failure_rate, NULL},
	{"connect_p50", "ms", "half of the connects took no longer", metric_connect_p50, NULL},
	{"connect_p99", "ms", "99 % of the connects took no longer", metric_connect_p99, NULL},
	{"lost", "", "events that the recorder lost", metric_lost, NULL},
	{"undelivered", "", "events that the kernel counted and did not deliver",
	 metric_undelivered, NULL},
	{"unaccounted", "", "what the kernel counted, and the tape neither has nor explains",
	 metric_unaccounted, NULL},
	{"findings", "", "findings of any level but good", metric_findings, NULL},
	{"warnings", "", "findings that are a warning or critical", metric_warnings, NULL},
	{"critical", "", "findings that are critical", metric_critical, NULL},
};
const size_t n_report_metrics = sizeof(report_metrics) / sizeof(*report_metrics);
