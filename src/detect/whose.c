// SPDX-License-Identifier: MIT
#include "detect/whose.h"

#include <string.h>

#include "base/cleanup.h"

static void whose_set_process(struct whose *w, int32_t pid, const char *comm,
			      const struct owner_cgroup *cgroup)
{
	const char *container = cgroup ? cgroup->container : NULL;

	if (pid <= 0)
		return;
	w->pid = pid;
	if (comm)
		memcpy(w->comm, comm, strnlen(comm, sizeof(w->comm) - 1));
	if (container)
		memcpy(w->container, container, strnlen(container, sizeof(w->container) - 1));
	w->is_parents = container && cgroup->by == CGROUP_BY_PARENT;
}

struct whose whose_conn(const struct gathered *in, const struct tcp_conn *c)
{
	struct whose w = {.local = c->local, .netns = c->netns};

	whose_set_process(&w, c->owner.pid, c->owner.comm, view_cgroup_of(in->context, &c->owner));
	return w;
}

struct whose whose_row(const struct gathered *in, const struct tcp_event *e)
{
	struct whose w = {.local = e->local};

	if (e->conn)
		w = whose_conn(in, e->conn);
	if (tcp_event_has(e, TCP_FIELD_LADDR) || tcp_event_has(e, TCP_FIELD_LPORT))
		w.local = e->local;
	if (tcp_event_has(e, TCP_FIELD_NETNS))
		w.netns = e->netns;
	if (tcp_event_has(e, TCP_FIELD_HOLDERS))
		w.holders = e->holders;
	if (!w.pid && tcp_event_has(e, TCP_FIELD_HOLDER))
		whose_set_process(&w, e->holder, NULL, e->cgroup);
	return w;
}

bool whose_process_text(const struct whose *w, struct text *t)
{
	if (w->comm[0])
		text_printf(t, "%s[%d]", w->comm, w->pid);
	else if (w->pid)
		text_printf(t, "process %d", w->pid);
	return w->pid;
}

bool whose_text(const struct gathered *in, const struct whose *w, struct text *t)
{
	if (whose_process_text(w, t))
		return true;
	if (w->container[0])
		text_printf(t, "container %s%s", w->container, w->is_parents ? "?" : "");
	else if (w->netns && in->has_namespaces)
		text_printf(t, "network namespace %u", w->netns);
	else
		return false;
	return true;
}

static void finding_netns(struct findings *f, struct finding *x, uint32_t netns)
{
	struct text t CLEANUP(text_done) = {0};

	text_printf(&t, "%u", netns);
	finding_words(f, x, "netns", "network namespace", text_cstr(&t));
}

void finding_whose(struct findings *f, struct finding *x, const char *key, const char *label,
		   const struct whose *w)
{
	struct text t CLEANUP(text_done) = {0};

	if (key && w->local.port)
		finding_endpoint(f, x, key, label, &w->local);
	if (whose_process_text(w, &t))
		finding_words(f, x, "process", "process", text_cstr(&t));
	if (w->holders > 1)
		finding_count(f, x, "holders", "processes that have it open", w->holders);
	if (w->container[0])
		finding_words(f, x, "container",
			      w->is_parents ? "container of its parent" : "container",
			      w->container);
	if (w->netns && f->in->has_namespaces)
		finding_netns(f, x, w->netns);
}
