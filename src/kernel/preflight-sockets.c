// SPDX-License-Identifier: MIT
/*
 * preflight-sockets: what owners and exact bytes of connections need: descriptors, processes that
 * may be asked, and namespaces that may be entered. Each is tried.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "kernel/capabilities.h"
#include "kernel/limits.h"
#include "kernel/preflight-checks.h"
#include "kernel/sock-diag.h"
#include "tracepoint/catalog.h"

void preflight_check_files(struct preflight *p, struct preflight_item *item)
{
	size_t events = p->cpus.n, wanted;
	uint64_t limit;
	bool is_enough;

	for (size_t i = 0; i < n_tracepoint_catalog; i++)
		events += tracepoint_catalog[i].profiles ? p->cpus.n : 0;
	wanted = events + p->namespaces.n + LIMITS_FILES_SPARE;
	if (limits_raise_files(events + p->namespaces.n, &limit)) {
		SAY(item, what, "%zu wanted for %zu CPUs and %zu network namespaces, %llu granted",
		    wanted, p->cpus.n, p->namespaces.n, (unsigned long long)limit);
		return;
	}
	is_enough = limits_raise_files(events, &limit);
	item->verdict = is_enough ? PREFLIGHT_WORSE : PREFLIGHT_STOPS;
	SAY(item, what,
	    "%zu wanted for %zu CPUs and %zu network namespaces, but the limit is %llu, and may "
	    "not "
	    "be raised (CAP_SYS_RESOURCE)%s",
	    wanted, p->cpus.n, p->namespaces.n, (unsigned long long)limit,
	    is_enough ? ": exact bytes of connections in some namespaces will be missing" : "");
	SAY(item, fix, "ulimit -n %zu (systemd: LimitNOFILE=, docker: --ulimit nofile=), or sudo",
	    wanted);
}

void preflight_check_processes(struct preflight *p, struct preflight_item *item)
{
	const struct netns_list *l = &p->namespaces;
	struct capabilities c = capabilities_read();

	if (!l->n_hidden) {
		SAY(item, what, "all %zu may be asked which sockets they hold", l->n_processes);
		return;
	}
	/* Some systems hide the descriptors of a few processes even from root: no obstacle. */
	if (capabilities_have(&c, CAPABILITY_SYS_PTRACE)) {
		SAY(item, what, "%zu of %zu may be asked which sockets they hold",
		    l->n_processes - l->n_hidden, l->n_processes);
		return;
	}
	item->verdict = PREFLIGHT_WORSE;
	SAY(item, what,
	    "%zu of %zu may not be asked which sockets they hold: owners of these are known only "
	    "where an event shows them",
	    l->n_hidden, l->n_processes);
	SAY(item, fix, "sudo tcptape ..., or CAP_SYS_PTRACE");
}

void preflight_check_namespaces(struct preflight *p, struct preflight_item *item)
{
	const struct netns_list *l = &p->namespaces;
	size_t n_failed = 0;

	for (size_t i = 0; i < l->n; i++) {
		int fd CLEANUP(close_p) = -1;
		int r = netns_open(&l->items[i], "/proc", "/run", sock_diag_open, &fd, NULL);

		n_failed += r < 0 && r != -ESTALE;
		if (r == -ENOTRECOVERABLE)
			break;
	}
	if (!n_failed) {
		SAY(item, what, "%zu of the network may be entered", l->n);
		return;
	}
	item->verdict = PREFLIGHT_WORSE;
	SAY(item, what,
	    "%zu of %zu of the network may not be entered: exact bytes and owners of the "
	    "connections there will be missing",
	    n_failed, l->n);
	SAY(item, fix, "sudo tcptape ..., or CAP_SYS_ADMIN");
}

void preflight_check_socket_buffer(struct preflight *p, struct preflight_item *item)
{
	struct fault fault = FAULT_INIT;
	int fd CLEANUP(close_p) = -1;
	int bytes = 0;
	socklen_t len = sizeof(bytes);
	int r = sock_diag_subscribe(&fd, &fault);

	if (r < 0) {
		item->verdict = PREFLIGHT_WORSE;
		SAY(item, what, "%.190s: exact bytes of connections will be missing", fault.text);
		SAY(item, fix, "a kernel with CONFIG_INET_DIAG (modprobe tcp_diag)");
		return;
	}
	getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &len);
	/* The kernel doubles what it is asked for, for its own bookkeeping. */
	bytes /= 2;
	if (bytes >= SOCK_DIAG_RECEIVE_BYTES) {
		SAY(item, what, "%d KiB for messages about closing sockets", bytes >> 10);
		return;
	}
	item->verdict = PREFLIGHT_WORSE;
	SAY(item, what,
	    "only %d KiB for messages about closing sockets: exact bytes will be missing when many "
	    "close at once",
	    bytes >> 10);
	SAY(item, fix, "sudo tcptape ..., or CAP_NET_ADMIN, or: sudo sysctl net.core.rmem_max=%d",
	    SOCK_DIAG_RECEIVE_BYTES);
}
