/* tls_text: every field of a report in the order of the structs. */
#include "unit/tls_text.h"

#include <inttypes.h>
#include <stdio.h>

static void
add(struct buf *to, const char *before, struct str text)
{
	(void)buf_add_text(to, before);
	if (text.data == NULL)
		(void)buf_add_text(to, "-");
	else
		(void)buf_add(to, text.data, text.len);
}

static void
add_number(struct buf *to, const char *before, bool known, int64_t number)
{
	char text[32];

	(void)snprintf(text, sizeof text, "%" PRId64, number);
	add(to, before, str_of(known ? text : NULL));
}

static void
add_failure(struct buf *to, const struct tls_failure *failure)
{
	add(to, "  ", failure->result);
	add_number(to, " ", failure->count.known, (int64_t)failure->count.sessions);
	add(to, failure->sending.usable ? " from " : " from? ", failure->sending.text);
	add(to, " mx ", failure->mx);
	add(to, " helo ", failure->helo);
	add(to, failure->receiving.usable ? " at " : " at? ", failure->receiving.text);
	add(to, " info ", failure->info);
	add(to, " reason ", failure->reason);
	(void)buf_add_text(to, "\n");
}

void
tls_text(struct buf *to, const struct tls_report *report)
{
	const struct tls_policy *policy;
	const struct tls_failure *failure;

	add(to, "", report->org);
	add(to, " key ", report->org_key);
	add(to, " contact ", report->contact);
	add(to, " id ", report->id_key);
	add(to, " of ", report->domain);
	add_number(to, " ", report->has_period, report->begin);
	add_number(to, "..", report->has_period, report->end);
	(void)buf_add_text(to, "\n");
	for (policy = report->policies; policy != NULL; policy = policy->next) {
		add(to, "", policy->type);
		add(to, " ", policy->domain);
		add_number(to, " ok ", policy->ok.known, (int64_t)policy->ok.sessions);
		add_number(to, " failed ", policy->failed.known, (int64_t)policy->failed.sessions);
		add(to, " strings ", policy->strings);
		add(to, " mx ", policy->mx_hosts);
		(void)buf_add_text(to, "\n");
		for (failure = policy->failures; failure != NULL; failure = failure->next)
			add_failure(to, failure);
	}
}

void
tls_text_repairs(struct buf *to, const struct tls_report *report)
{
	char text[64];
	size_t i;

	for (i = 0; i < REPAIRS; i++) {
		if (report->repairs.times[i] == 0)
			continue;
		(void)snprintf(text, sizeof text, "%s%s*%" PRIu64, to->len > 0 ? " " : "",
		    repair_code((enum repair)i), report->repairs.times[i]);
		(void)buf_add_text(to, text);
	}
}
