/*
 * tls: what follows from the values of a TLS report: under which key it is found again, and the digest by
 * which a copy in another wrapping is known.
 */
#include "report/tls.h"

#include "base/digest.h"
#include "report/period.h"
#include "report/value.h"

#include <stdio.h>
#include <string.h>

static const uint64_t content_mask = (1ULL << 48) - 1;

const char *const tls_results[] = {"starttls-not-supported", "certificate-host-mismatch",
    "certificate-expired", "certificate-not-trusted", "validation-failure", "tlsa-invalid", "dnssec-invalid",
    "dane-required", "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid", NULL};

void
tls_note(struct tls_report *report, enum repair repair, struct str first)
{
	if (report->repairs.times[repair]++ == 0)
		report->repairs.first[repair] = first;
}

static uint64_t
text_digest(struct str text, uint64_t hash)
{
	return hash64(text.data, text.len, hash + (text.data != NULL));
}

static uint64_t
count_digest(struct tls_count count, uint64_t hash)
{
	return hash64(&count.sessions, sizeof count.sessions, hash + count.known);
}

static uint64_t
failure_digest(const struct tls_failure *failure, uint64_t hash)
{
	const struct str texts[] = {failure->result, failure->sending.text, failure->receiving.text,
	    failure->mx, failure->helo, failure->info, failure->reason};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		hash = text_digest(texts[i], hash);
	return count_digest(failure->count, hash);
}

static uint64_t
policy_digest(const struct tls_policy *policy, uint64_t hash)
{
	const struct str texts[] = {policy->type, policy->domain, policy->strings, policy->mx_hosts};
	const struct tls_failure *failure;
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		hash = text_digest(texts[i], hash);
	hash = count_digest(policy->ok, count_digest(policy->failed, hash));
	for (failure = policy->failures; failure != NULL; failure = failure->next)
		hash = failure_digest(failure, hash);
	return hash;
}

/* All that the report says, so that a copy with other blanks or members in another order is the same. */
static uint64_t
digest(const struct tls_report *report)
{
	const struct str texts[] = {report->org, report->contact, report->raw_id};
	const struct tls_policy *policy;
	uint64_t hash = report->has_period;
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		hash = text_digest(texts[i], hash);
	hash = hash64(&report->begin, sizeof report->begin, hash);
	hash = hash64(&report->end, sizeof report->end, hash);
	for (policy = report->policies; policy != NULL; policy = policy->next)
		hash = policy_digest(policy, hash);
	return hash & content_mask;
}

static void
org_finish(struct tls_report *report, struct arena *arena)
{
	struct str org = report->org;
	char *letters;

	if (org.data == NULL) {
		org = value_email_domain(report->contact);
		tls_note(report, REPAIR_NO_ORG, report->contact);
	}
	if (org.data == NULL)
		org = str_of("unknown");
	letters = arena_alloc(arena, org.len + 1);
	memcpy(letters, org.data, org.len);
	text_lower_all(letters, org.len);
	report->org_key = (struct str){letters, org.len};
}

static void
id_finish(struct tls_report *report, struct arena *arena)
{
	struct str id = value_report_id(report->raw_id);
	char made[32];

	if (id.len > 0) {
		report->id_key = id;
		return;
	}
	(void)snprintf(made, sizeof made, "content-%016llx", (unsigned long long)report->content);
	report->id_key = arena_str(arena, str_of(made));
	tls_note(report, REPAIR_NO_ID, report->raw_id);
}

static void
period_finish(struct tls_report *report)
{
	struct period period;

	if (report->has_period && !period_init(&period, report->begin, report->end))
		tls_note(report, REPAIR_LONG_PERIOD, str_of(NULL));
	if (report->end < report->begin)
		tls_note(report, REPAIR_DATE_ORDER, str_of(NULL));
}

void
tls_report_finish(struct tls_report *report, struct arena *arena)
{
	const struct tls_policy *policy;

	report->domain = str_of("");
	for (policy = report->policies; policy != NULL && report->domain.len == 0; policy = policy->next)
		if (policy->domain.data != NULL)
			report->domain = policy->domain;
	if (report->policies == NULL)
		tls_note(report, REPAIR_NO_POLICIES, str_of(NULL));
	period_finish(report);
	org_finish(report, arena);
	report->content = digest(report);
	id_finish(report, arena);
}
