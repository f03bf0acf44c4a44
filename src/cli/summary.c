/* summary: the last line of an import. The names of the numbers are those of struct counts. */
#include "cli/summary.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

static const struct field {
	const char *name;
	size_t offset;
} fields[] = {
    {"files", offsetof(struct counts, files)},
    {"mails", offsetof(struct counts, mails)},
    {"reports", offsetof(struct counts, reports)},
    {"duplicates", offsetof(struct counts, duplicates)},
    {"conflicts", offsetof(struct counts, conflicts)},
    {"incomplete", offsetof(struct counts, incomplete)},
    {"repaired", offsetof(struct counts, repaired)},
    {"records", offsetof(struct counts, records)},
    {"messages", offsetof(struct counts, messages)},
    {"rejected", offsetof(struct counts, rejected)},
    {"skipped", offsetof(struct counts, skipped)},
    {"unchanged", offsetof(struct counts, unchanged)},
    {"failed_sources", offsetof(struct counts, failed_sources)},
    {"bounces", offsetof(struct counts, letters[LETTER_BOUNCE])},
    {"automatic_replies", offsetof(struct counts, letters[LETTER_REPLY])},
    {"abuse_reports", offsetof(struct counts, letters[LETTER_ABUSE])},
    {"lost_reports", offsetof(struct counts, letters[LETTER_LOST])},
    {"other_mails", offsetof(struct counts, letters[LETTER_OTHER])},
    {"tls_reports", offsetof(struct counts, tls_reports)},
    {"failures", offsetof(struct counts, failures)},
    {"feedback", offsetof(struct counts, feedback)},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

static uint64_t
field_value(const struct summary *summary, size_t i)
{
	uint64_t value;

	memcpy(&value, (const char *)&summary->counts + fields[i].offset, sizeof value);
	return value;
}

double
clock_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void
summary_begin(struct summary *summary)
{
	summary->started = clock_seconds();
}

void
summary_end(struct summary *summary)
{
	summary->seconds = clock_seconds() - summary->started;
}

const char *
number_text(char to[NUMBER_TEXT], uint64_t number)
{
	char *at = to + NUMBER_TEXT - 1;
	int digits = 0;

	*at = '\0';
	do {
		if (digits > 0 && digits % 3 == 0)
			*--at = ',';
		*--at = (char)('0' + number % 10);
		number /= 10;
		digits++;
	} while (number > 0);
	return at;
}

/* "3 duplicates" or "1 duplicate". */
static void
print_count(FILE *out, const char *before, uint64_t number, const char *word, const char *plural)
{
	char text[NUMBER_TEXT];

	(void)fprintf(out, "%s%s %s%s", before, number_text(text, number), word, number == 1 ? "" : plural);
}

/* The same, left out when there is none. Returns what stands before the next one. */
static const char *
print_some(
    FILE *out, const char *before, const char *next, uint64_t number, const char *word, const char *plural)
{
	if (number == 0)
		return before;
	print_count(out, before, number, word, plural);
	return next;
}

/* What the mails without reports are: " (2 bounces, 1 out of office)". */
static void
print_letters(FILE *out, const struct counts *counts)
{
	static const struct {
		enum letter_kind kind;
		const char *word, *plural;
	} kinds[] = {{LETTER_LOST, "lost report", "s"}, {LETTER_BOUNCE, "bounce", "s"},
	    {LETTER_REPLY, "out of office", ""}, {LETTER_ABUSE, "abuse report", "s"},
	    {LETTER_OTHER, "other mail", "s"}};
	const char *before = " (";
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		before = print_some(
		    out, before, ", ", counts->letters[kinds[i].kind], kinds[i].word, kinds[i].plural);
	if (before[0] == ',')
		(void)fputc(')', out);
}

/* Where each file was a mail, as on a server, files are not spoken of. */
static void
print_sources(FILE *out, const struct summary *summary)
{
	const struct counts *counts = &summary->counts;
	bool files = !summary->again && (counts->mails == 0 || counts->mails != counts->files);

	if (files)
		print_count(out, " from ", counts->files, "file", "s");
	(void)print_some(out, files ? " with " : " from ", "", counts->mails, "mail", "s");
}

void
summary_people(FILE *out, const struct summary *summary)
{
	const struct counts *counts = &summary->counts;
	const char *before;

	print_count(out, "", counts->reports, "report", "s");
	print_count(out, ", ", counts->records, "record", "s");
	print_count(out, ", ", counts->messages, "message", "s");
	(void)print_some(out, ", ", "", counts->tls_reports, "TLS report", "s");
	(void)print_some(out, ", ", "", counts->failures, "failure report", "s");
	(void)print_some(out, ", ", "", counts->feedback, "abuse or other feedback report", "s");
	print_sources(out, summary);
	(void)fprintf(out, " in %.1f s", summary->seconds);
	/* Of all that was read, TLS and failure reports too: in brackets behind the reports it would seem to
	 * be of those alone. */
	before = print_some(out, "; ", ", ", counts->incomplete, "incomplete", "");
	before = print_some(out, before, ", ", counts->repaired, "repaired", "");
	before = print_some(out, before, ", ", counts->duplicates, "duplicate", "s");
	before = print_some(out, before, ", ", counts->conflicts, "conflict", "s");
	before = print_some(out, before, ", ", counts->rejected, "rejected", "");
	before = print_some(out, before, ", ", counts->skipped, "skipped", "");
	print_letters(out, counts);
	before = print_some(out, before, ", ", counts->unchanged, "unchanged", "");
	(void)print_some(out, before, "", counts->failed_sources, "failed source", "s");
	(void)fputc('\n', out);
}

void
summary_json(FILE *out, const struct summary *summary)
{
	size_t i;

	(void)fputc('{', out);
	for (i = 0; i < FIELDS; i++)
		(void)fprintf(out, "\"%s\": %" PRIu64 ", ", fields[i].name, field_value(summary, i));
	(void)fprintf(out, "\"seconds\": %.3f}\n", summary->seconds);
}

void
summary_csv(FILE *out, const struct summary *summary)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		(void)fprintf(out, "%s,", fields[i].name);
	(void)fputs("seconds\r\n", out);
	for (i = 0; i < FIELDS; i++)
		(void)fprintf(out, "%" PRIu64 ",", field_value(summary, i));
	(void)fprintf(out, "%.3f\r\n", summary->seconds);
}

void
summary_print(const struct context *context, const struct summary *summary)
{
	const char *format = context_option(context, "format");

	if (strcmp(format, "json") == 0)
		summary_json(context->out, summary);
	else if (strcmp(format, "csv") == 0)
		summary_csv(context->out, summary);
	else if (!context->quiet)
		summary_people(context->out, summary);
}
