// SPDX-License-Identifier: MIT
#include "detect/reset-words.h"

#include <string.h>

#include "base/units.h"

/* A load test opens a connection before the others, to see whether it can. */
#define AT_ONCE_PERCENT 90u

static bool is_half(uint64_t part, uint64_t whole)
{
	return part && part * 2 >= whole;
}

bool port_resets_is_race(const struct port_resets *p)
{
	const struct reset_costs *costs = &p->costs;

	if (p->key.class == RESET_OF_RACE_HERE)
		return is_half(costs->n_used, costs->n_known);
	return p->key.class == RESET_OF_RACE_THERE && is_half(costs->n_used, costs->n_known) &&
	       !is_half(costs->n_bulk, p->n);
}

bool port_resets_at_once(const struct port_resets *p)
{
	bool is_one = p->key.class == RESET_OF_LEFT_HERE ? p->costs.pid != 0 : p->n_peers == 1;

	return is_one && p->costs.n_most * 100 >= p->n * AT_ONCE_PERCENT;
}

/* What was cut, and what happened to it, where the class alone does not say. */
static void words_of(const struct port_resets *p, const char **what, const char **title)
{
	const struct reset_class_info *info = &reset_classes[p->key.class];

	*what = info->what;
	*title = info->title;
	if (port_resets_is_race(p))
		return;
	if (p->key.class == RESET_OF_RACE_HERE) {
		*what = "connection";
		*title = "got data after this host had closed them";
	} else if (p->key.class == RESET_OF_RACE_THERE) {
		*what = "connection";
		*title = "were cut while this host was sending: the peer had closed them";
	}
}

void port_resets_title(const struct port_resets *p, const struct labels *names, struct text *t)
{
	const char *where = reset_classes[p->key.class].where, *what, *title;

	words_of(p, &what, &title);
	plural_text(t, p->n, what);
	text_printf(t, " %s port %u%s ", where, p->key.port,
		    p->key.is_served ? " of this host" : "");
	if (p->n_peers == 1 && p->worst->addr.family && p->most == p->n) {
		text_str(t, strcmp(where, "at") ? "from " : p->key.is_served ? "with " : "of ");
		labels_addr_text(names, &p->worst->addr, t);
		text_char(t, ' ');
	}
	text_str(t, title);
}

static const char *meaning_of_server(const struct reset_costs *costs)
{
	if (strstr(costs->reason, "ABORT_ON_CLOSE") && !costs->has_several_reasons)
		return "The program here closed them, or ended, while data from the peer was "
		       "unread: what the peer had sent, and what was under way to it, is lost.";
	return "The program here closed them, or ended, with data from the peer unread, or asked "
	       "for the RST (SO_LINGER 0): what was under way is lost for the peer.";
}

static const char *meaning_of_peer(const struct port_resets *p)
{
	if (is_half(p->costs.n_unacked, p->n))
		return "What this host had sent last was not acknowledged any more: the other side "
		       "did not know the connections any longer (a program or host that was "
		       "restarted; a balancer or firewall that had dropped them), or ended them "
		       "while it was being sent to; or a firewall rejected what was sent, in the "
		       "peer's name.";
	return "The other side had acknowledged all that was sent to it, and then ended open "
	       "connections at once: its program ended or closed them with data unread or on "
	       "purpose (SO_LINGER 0), its listener was closed or its accept queue full before it "
	       "had accepted them, or something on the way cut them.";
}

static const char *meaning_of_invalid(const struct reset_costs *costs)
{
	if (costs->reason[0])
		return "No program and no administrator asked for it: the kernel's reason says "
		       "why.";
	return "No program and no administrator asked for it. This kernel gives no reason: most "
	       "likely the peer did not answer keepalive probes.";
}

static const char *meaning_of_left(const struct port_resets *p)
{
	if (port_resets_at_once(p))
		return "Nearly all within a second: the client's program ended (a load test that "
		       "was "
		       "over, a restart, a kill) or gave up all of them at once. What it was "
		       "waiting for is lost with it; nobody else is hurt.";
	return "The clients went away before they had got all that this host was sending: visitors "
	       "who leave, or clients that wait less long than the answers take.";
}

static const char *meaning_of_left_here(const struct port_resets *p)
{
	if (port_resets_at_once(p))
		return "Nearly all within a second: the program ended (a load test that was over, "
		       "a "
		       "restart, a kill) or gave up all of them at once. Only what it was waiting "
		       "for is lost.";
	return "The program here closed connections that it had opened, with answers unread or "
	       "still coming: it gives up, or does not read all that servers send.";
}

static const char *meaning_of_race(const struct port_resets *p)
{
	bool is_here = p->key.class == RESET_OF_RACE_HERE;

	if (!port_resets_is_race(p))
		return is_here ? "The program here ends the exchange while its peers are still "
				 "sending: an upload that it refuses, or a protocol that both "
				 "sides end at a different moment."
			       : "The peer closed without reading all that this host was sending: "
				 "an upload that it refuses, or a protocol that both sides end at "
				 "a different moment.";
	return is_here ? "The keep-alive race: the program here closed connections that had been "
			 "used before, and peers sent their next request on them before they "
			 "knew. They get a RST for an answer; proxies turn that into errors "
			 "(502). Let the peers give up idle connections earlier than this program "
			 "does, or repeat such requests."
		       : "The keep-alive race: the server closed connections that had been used "
			 "before, and the program here sent its next request on them all "
			 "the same. Let it give up idle connections earlier than the server does "
			 "(its keep-alive timeout), look whether they have been closed, or repeat "
			 "such requests.";
}

static const char *meaning_of_segments(const struct port_resets *p)
{
	if (p->key.class == RESET_OF_NO_SOCKET)
		return "Somebody calls a port that nothing listens on, or goes on with a "
		       "connection that has ended here.";
	if (p->costs.reason[0])
		return "This host has forgotten these connections or was restarted, a balancer "
		       "moved them here, or their clients believe to be connected since the "
		       "accept queue was full; or the segments came twice, or late, when the "
		       "connections had ended.";
	return "This host has forgotten these connections or was restarted, a balancer moved them "
	       "here, or the accept queue was full (net.ipv4.tcp_abort_on_overflow).";
}

const char *port_resets_meaning(const struct port_resets *p)
{
	switch (p->key.class) {
	case RESET_OF_RACE_HERE:
	case RESET_OF_RACE_THERE: return meaning_of_race(p);
	case RESET_OF_PEER: return meaning_of_peer(p);
	case RESET_OF_SERVER: return meaning_of_server(&p->costs);
	case RESET_OF_INVALID: return meaning_of_invalid(&p->costs);
	case RESET_OF_LEFT_BUSY: return meaning_of_left(p);
	case RESET_OF_LEFT_HERE: return meaning_of_left_here(p);
	case RESET_OF_LISTENER:
	case RESET_OF_NO_SOCKET: return meaning_of_segments(p);
	default: return reset_classes[p->key.class].meaning;
	}
}

void port_resets_doubt(const struct port_resets *p, struct finding *x)
{
	const struct reset_costs *costs = &p->costs;

	switch (p->key.class) {
	case RESET_OF_RACE_HERE:
	case RESET_OF_RACE_THERE:
		if (port_resets_is_race(p) && costs->n_used < p->n)
			finding_doubt(x, "likely",
				      "as not all of these connections are known to have been "
				      "used before");
		break;
	case RESET_OF_OVERFLOW:
		finding_doubt(x, "likely",
			      "as a SYN repeated in the middle of a handshake looks the same");
		break;
	case RESET_OF_INVALID:
		if (!costs->reason[0])
			finding_doubt(x, "likely", "as this kernel gives no reason");
		break;
	default: break;
	}
}
