/* SPDX-License-Identifier: MIT */
/*
 * findings: the findings of all detectors, and the functions with which a detector writes one.
 * Strings are copied into the builder, which also remembers that memory ran out: detectors_run()
 * returns that error.
 */
#pragma once

#include "base/text.h"
#include "detect/place.h"
#include "gather/facts.h"
#include "gather/gathered.h"
#include "table/document-builder.h"
#include "table/document.h"

#define FINDING_EVIDENCE_MAX 24u

/* The end of connections that a finding tells of. */
enum finding_side {
	FINDING_NO_SIDE,  /* both, or it does not matter */
	FINDING_SENT,	  /* of those that sent RSTs */
	FINDING_RECEIVED, /* of those that received RSTs */
	FINDING_REFUSED,  /* of those whose connects were refused by RSTs */
	FINDING_CALLER,	  /* of those whose connects take long, or get no answer */
	/* Of those that are called, and whose SYN-ACKs are not answered. Whether their callers are
	 * on this host, too, only the findings with FINDING_CALLER tell. */
	FINDING_LISTENER,
	FINDING_READER, /* of those that do not read */
	FINDING_WRITER, /* of those that wait because their peers do not read */
};

/* What a finding tells of one end, for detect/mirrors.h. */
struct finding_end {
	enum finding_side side;
	uint16_t port;	  /* of the service; 0: of several */
	bool is_served;	  /* by this host */
	bool knows_why;	  /* this end knows why it happened, and the other one does not */
	uint64_t n;	  /* what it counts */
	uint64_t n_twins; /* of these, how many have their other end on this tape */
};

struct finding {
	struct document_finding shown;
	struct finding_end end;
	enum trouble_place place; /* where the cause lies */
	bool is_of_blindness;	  /* too little is on the tape to tell whether anything is wrong */
	bool is_dropped;	  /* another finding tells it */
	bool hurts_nobody;	  /* a notice of what is usual; beside it nothing may be wrong */
	uint64_t weight;	  /* among findings of the same level the heaviest comes first */
	struct document_item evidence[FINDING_EVIDENCE_MAX];
};

struct findings {
	struct document_builder *builder;
	const struct gathered *in;
	const struct tape_facts *facts;
	struct finding **items;
	size_t n, cap;
	struct finding spare; /* filled where there is no memory for a finding; never shown */
};

struct detector;

void findings_done(struct findings *f);

/* Adds a finding with the rule and the place of its detector, certain until finding_doubt() changes
 * that. Never NULL: when memory runs out it is the spare one, which is not shown. */
struct finding *finding_new(struct findings *f, const struct detector *d, enum document_level level,
			    uint64_t weight);
/* Sets the title to a copy of the text, and clears the text. */
void finding_title(struct findings *f, struct finding *x, struct text *t);
/* Sets the command that shows details: a view with its own options, then those of the user. */
void finding_command(struct findings *f, struct finding *x, const char *view, const char *options);
/* Sets the span of time that the finding is about, by the tape's clock. */
void finding_span(struct finding *x, uint64_t since_ns, uint64_t until_ns);
/* Sets the span of time in which most of the events lie; NULL leaves it unknown. */
void finding_time_spread(struct finding *x, const struct time_spread *s);
/* The strings must last as long as the finding: constants, or copies in the builder. */
static inline void finding_meaning(struct finding *x, const char *meaning)
{
	x->shown.meaning = meaning;
}
static inline void finding_doubt(struct finding *x, const char *sure, const char *doubt)
{
	x->shown.sure = sure;
	x->shown.doubt = doubt;
}
/* Adds the doubt, if events are missing on the tape, that counts of events are lower bounds. */
void finding_by_events(struct findings *f, struct finding *x);

/* Evidence: a key for machines, a label for people, and a value. At most FINDING_EVIDENCE_MAX in
 * all. */
void finding_count(struct findings *f, struct finding *x, const char *key, const char *label,
		   uint64_t n);
/* Does the same, unless n is 0. */
void finding_some(struct findings *f, struct finding *x, const char *key, const char *label,
		  uint64_t n);
void finding_percent(struct findings *f, struct finding *x, const char *key, const char *label,
		     uint64_t ppm);
void finding_size(struct findings *f, struct finding *x, const char *key, const char *label,
		  uint64_t bytes);
void finding_duration(struct findings *f, struct finding *x, const char *key, const char *label,
		      uint64_t ns);
/* Copies the words. */
void finding_words(struct findings *f, struct finding *x, const char *key, const char *label,
		   const char *words);
/* An address or an endpoint: for people with the user's name for it, "db-1 (10.0.0.2)". */
void finding_addr(struct findings *f, struct finding *x, const char *key, const char *label,
		  const struct ip_addr *a);
void finding_endpoint(struct findings *f, struct finding *x, const char *key, const char *label,
		      const struct endpoint *e);
/* Names a group: "peer": "10.0.0.2". */
void finding_group(struct findings *f, struct finding *x, enum group_by d,
		   const struct group_key *key);
/* The retransmissions by cause: "12 rto, 40 fast". */
void finding_causes(struct findings *f, struct finding *x, const struct counters *s);

/* "5.2%", "0.04%", "<0.01%" */
void percent_text(struct text *t, uint64_t ppm);
/* "1 connection", "1,234 connections" */
void plural_text(struct text *t, uint64_t n, const char *what);
