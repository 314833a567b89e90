// SPDX-License-Identifier: MIT
/*
 * plan: compares the caller's options with what the kernel offers.
 */
#include "record/plan.h"

#include <stdio.h>
#include <string.h>

#include "kernel/kallsyms.h"
#include "kernel/sock-diag.h"
#include "kernel/tracefs.h"
#include "tracepoint/catalog.h"

void plan_done(struct plan *p)
{
	tracepoints_done(&p->tracepoints);
	selection_done(&p->selection);
}

static void notice_absent(const struct record_options *o, const struct selected_list *absent)
{
	for (size_t i = 0; i < absent->n; i++) {
		char line[200];

		snprintf(line, sizeof(line),
			 "this kernel has no tracepoint %s:%s; recording goes on",
			 absent->items[i].system, absent->items[i].name);
		record_notice(o, line);
	}
}

/* Decides whether call chains are recorded, which cost time and are useless without symbols, and
 * returns the decision. */
static bool decide_stacks(const struct record_options *o, struct selected_list *l)
{
	bool with_stacks = !o->no_stacks, is_wanted = false;

	for (size_t i = 0; i < l->n; i++)
		is_wanted |= l->items[i].with_stack;
	if (is_wanted && with_stacks && !kallsyms_is_readable(KALLSYMS_PATH)) {
		with_stacks = false;
		record_notice(o,
			      "no call chains: " KALLSYMS_PATH
			      " hides the kernel's addresses (run as root, and: sysctl "
			      "kernel.kptr_restrict=1); causes of retransmits will be less sure");
	}
	for (size_t i = 0; i < l->n; i++)
		l->items[i].with_stack &= with_stacks;
	return with_stacks;
}

/*
 * The last tcp_info of a socket costs about five microseconds in the process that closes the
 * socket, and two in the recorder. Where every send, receive and retransmission is recorded, the
 * socket's bytes are known without tcp_info, and tcp_probe has the round-trip times.
 */
bool plan_wants_final_info(const struct selected_list *l)
{
	return !selected_list_has(l, "sock", "sock_send_length") ||
	       !selected_list_has(l, "sock", "sock_recv_length") ||
	       !selected_list_has(l, "tcp", "tcp_retransmit_skb") ||
	       !selected_list_has(l, "tcp", "tcp_probe");
}

/* Profiles "life" and "bytes" are there for exact bytes, whatever they cost. */
static bool profile_is_exact(const char *profile)
{
	return profile && (!strcmp(profile, tcp_profiles[TCP_PROFILE_LIFE].name) ||
			   !strcmp(profile, tcp_profiles[TCP_PROFILE_BYTES].name));
}

static int plan_select(struct plan *p, const struct record_options *o, struct tracefs *tracefs,
		       struct fault *fault)
{
	struct tracepoint_source source = tracepoint_source_of_tracefs(tracefs);
	const char *profile = o->profile || o->n_events ? o->profile : "loss";
	struct synthetic_rows *synthetic = &p->synthetic;
	bool with_stacks;
	int r = selection_make(&source, profile, o->events, o->n_events, &p->selection, fault);

	if (r < 0)
		return r;
	notice_absent(o, &p->selection.absent);
	with_stacks = decide_stacks(o, &p->selection.present);
	synthetic->tcp_info_len = o->no_sockets ? 0 : sock_diag_info_len();
	synthetic->with_final =
		synthetic->tcp_info_len && plan_wants_final_info(&p->selection.present);
	synthetic->has_budget = !profile_is_exact(profile);
	/* The call chains of divided tracepoints show whether the peer's FIN arrived, which the
	 * last tcp_info counts as a received byte, and who ended an attempt to connect. */
	if (with_stacks && selection_divide(&p->selection) < 0)
		return fault_no_memory(fault);
	if (!o->no_sockets && !synthetic->tcp_info_len)
		record_notice(o, "no socket tables: TCP_INFO cannot be had; owners and bytes of "
				 "connections will be less sure");
	return 0;
}

int plan_make(const struct record_options *o, struct plan *ret, struct fault *fault)
{
	struct tracefs *tracefs CLEANUP(tracefs_close_p) = NULL;
	struct plan p CLEANUP(plan_done) = {0};
	int r = tracefs_open(&tracefs, fault);

	if (!r && tracefs_mounted(tracefs))
		record_notice(o, tracefs_mounted(tracefs));
	if (!r)
		r = plan_select(&p, o, tracefs, fault);
	if (!r)
		r = tracepoints_load(tracefs, &p.selection.present, &o->filter, &p.synthetic,
				     &p.tracepoints, fault);
	if (r < 0)
		return r;
	*ret = p;
	p = (struct plan){0};
	return 0;
}
