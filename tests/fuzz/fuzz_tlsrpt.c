/*
 * fuzz_tlsrpt: the reader of TLS reports over any bytes, under small limits. Whatever it takes is bounded,
 * made of valid UTF-8, and is the same when the same bytes are read again; a document always ends behind
 * where it began.
 */
#include "fuzz/fuzz.h"
#include "parse/tlsrpt.h"

#include <stdlib.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Texts of a report reach messages and the database. */
static void
check_text(struct str text)
{
	uint32_t point;
	size_t i, n;

	for (i = 0; i < text.len; i += n) {
		n = text_utf8(text.data + i, text.len - i, &point);
		must(n > 0 && point != 0);
	}
}

static void
check_count(struct tls_count count)
{
	must(count.known ? count.sessions <= 1ULL << 53 : count.sessions == 0);
}

static void
check_failure(const struct tls_failure *failure)
{
	check_text(failure->result);
	check_text(failure->sending.text);
	check_text(failure->receiving.text);
	check_text(failure->mx);
	check_text(failure->helo);
	check_text(failure->info);
	check_text(failure->reason);
	check_count(failure->count);
}

static void
check_report(const struct tls_report *report, const struct limits *limits)
{
	uint64_t policies = 0, failures = 0;
	const struct tls_policy *policy;
	const struct tls_failure *failure;
	size_t i;

	check_text(report->org_key);
	check_text(report->id_key);
	check_text(report->domain);
	check_text(report->contact);
	must(report->org_key.len > 0 && report->id_key.len > 0 && report->domain.data != NULL);
	must(report->has_period || (report->begin == 0 && report->end == 0));
	for (policy = report->policies; policy != NULL; policy = policy->next, policies++) {
		check_text(policy->type);
		check_text(policy->domain);
		check_text(policy->strings);
		check_text(policy->mx_hosts);
		must(policy->strings.len <= limits->json_text_bytes);
		check_count(policy->ok);
		check_count(policy->failed);
		for (failure = policy->failures; failure != NULL; failure = failure->next, failures++)
			check_failure(failure);
	}
	must(policies == report->policy_count && policies <= limits->tls_policies);
	must(failures <= limits->tls_failures);
	for (i = 0; i < REPAIRS; i++)
		check_text(report->repairs.first[i]);
}

/* All documents; their digests in one number. */
static uint64_t
read_all(struct str text, const struct limits *limits)
{
	struct tls_report *report;
	enum status status = OK;
	uint64_t hash = 0;
	struct arena arena;
	size_t at = 0, before;
	struct err err;

	arena_init(&arena);
	while (status == OK && tlsrpt_seek(&at, text)) {
		before = at;
		status = tlsrpt_parse(&report, text, &at, limits, &arena, &err);
		must(status == OK || status == SKIP || status == BAD || status == LIMIT);
		must(at <= text.len && (status != OK || at > before));
		if (status == OK)
			check_report(report, limits);
		hash = hash * 31 + (status == OK ? report->content : (uint64_t)status);
	}
	arena_free(&arena);
	return hash;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct limits limits;

	limits_init(&limits);
	limits.json_depth = 12;
	limits.json_values = 2000;
	limits.json_text_bytes = 400;
	limits.tls_policies = 6;
	limits.tls_failures = 10;
	(void)tlsrpt_is_likely(data, size);
	must(read_all(text, &limits) == read_all(text, &limits));
	return 0;
}
