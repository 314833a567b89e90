// SPDX-License-Identifier: MIT
#include "gather/recent-states.h"

#include <errno.h>
#include <stdlib.h>

#include "tcp/names.h"

#define LISTS 8192u

int recent_states_init(struct recent_states *r)
{
	r->items = calloc(LISTS, sizeof(*r->items));
	return r->items ? 0 : -ENOMEM;
}

void recent_states_done(struct recent_states *r)
{
	free(r->items);
	r->items = NULL;
}

void recent_states_note(struct recent_states *r, uint32_t id, uint8_t before, uint8_t state,
			uint64_t ts_ns)
{
	struct recent_state_list *list = &r->items[id % LISTS];

	if (state == TCP_STATE_SYN_SENT || state == TCP_STATE_SYN_RECV ||
	    state == TCP_STATE_ESTABLISHED || state == TCP_STATE_LISTEN)
		return;
	if (list->id != id)
		*list = (struct recent_state_list){.id = id, .before = before};
	if (list->n == RECENT_STATES_OF_ONE)
		return;
	list->states[list->n] = state;
	list->at_ns[list->n++] = ts_ns;
}

const struct recent_state_list *recent_states_of(const struct recent_states *r, uint32_t id)
{
	const struct recent_state_list *list = &r->items[id % LISTS];

	return list->id == id && list->n ? list : NULL;
}
