/* senders: senders.tsv as two sorted tables of suffixes. To teach the program a service, add a line to the
 * file. */
#include "analysis/senders.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* The file, byte for byte; made from src/analysis/senders.tsv by cmake/embed.cmake. */
const char *analysis_text(const char *name);

enum { FIELD_NAME, FIELD_KIND, FIELD_PTR, FIELD_SPF, FIELD_DKIM, FIELD_INCLUDE, FIELD_HINT, FIELDS };

struct suffix {
	struct str domain;
	const struct sender *sender;
};

struct suffixes {
	struct suffix *rows;
	size_t count;
};

struct senders {
	struct sender *rows;
	size_t count;
	struct suffixes dkim, spf;
};

/* The next piece of text up to a sign or the end; text moves behind it. */
static struct str
piece(const char **text, char sign)
{
	struct str str = {*text, strcspn(*text, (const char[]){sign, '\n', '\0'})};

	*text += str.len;
	if (**text == sign)
		(*text)++;
	return str;
}

/* Longest first is not needed: each suffix of a domain is looked up by itself. Equal ones keep the file's
 * order. */
static int
compare_suffix(const void *left, const void *right)
{
	const struct suffix *a = left, *b = right;
	size_t len = a->domain.len < b->domain.len ? a->domain.len : b->domain.len;
	int order = memcmp(a->domain.data, b->domain.data, len);

	if (order != 0)
		return order;
	if (a->domain.len != b->domain.len)
		return a->domain.len < b->domain.len ? -1 : 1;
	return a->sender == b->sender ? 0 : a->sender < b->sender ? -1 : 1;
}

static void
add_suffix(struct suffixes *to, struct str domain, const struct sender *sender)
{
	if (domain.len == 0)
		return;
	to->rows[to->count].domain = domain;
	to->rows[to->count].sender = sender;
	to->count++;
}

static void
read_line(struct senders *senders, const char **text)
{
	struct sender *sender = &senders->rows[senders->count++];
	struct str field[FIELDS];
	size_t i;

	for (i = 0; i < FIELDS; i++)
		field[i] = piece(text, '\t');
	(void)piece(text, '\n');
	sender->name = field[FIELD_NAME];
	sender->kind = field[FIELD_KIND];
	sender->hint = field[FIELD_HINT];
	add_suffix(&senders->dkim, field[FIELD_DKIM], sender);
	add_suffix(&senders->spf, field[FIELD_SPF], sender);
}

struct senders *
senders_new(void)
{
	struct senders *senders = mem_zero(1, sizeof *senders);
	const char *text = analysis_text("senders.tsv"), *at;
	size_t lines = 1;

	for (at = text; *at != '\0'; at++)
		lines += *at == '\n';
	senders->rows = mem_zero(lines, sizeof *senders->rows);
	senders->dkim.rows = mem_zero(lines, sizeof *senders->dkim.rows);
	senders->spf.rows = mem_zero(lines, sizeof *senders->spf.rows);
	(void)piece(&text, '\n'); /* the names of the columns */
	while (*text != '\0')
		read_line(senders, &text);
	qsort(senders->dkim.rows, senders->dkim.count, sizeof *senders->dkim.rows, compare_suffix);
	qsort(senders->spf.rows, senders->spf.count, sizeof *senders->spf.rows, compare_suffix);
	return senders;
}

void
senders_free(struct senders *senders)
{
	if (senders == NULL)
		return;
	free(senders->rows);
	free(senders->dkim.rows);
	free(senders->spf.rows);
	free(senders);
}

/* The first row that is not below the domain, so that of equal ones the first of the file is found. */
static const struct sender *
look_up(const struct suffixes *in, struct str domain)
{
	struct suffix key = {domain, NULL};
	size_t low = 0, high = in->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_suffix(&in->rows[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < in->count && str_same(in->rows[low].domain, domain) ? in->rows[low].sender : NULL;
}

/* The domain itself, then without its first label, and so on. */
static const struct sender *
by_suffix(const struct suffixes *first, const struct suffixes *second, struct str domain)
{
	const struct sender *sender;
	const char *dot;

	while (domain.data != NULL && domain.len > 0) {
		if ((sender = look_up(first, domain)) != NULL || (sender = look_up(second, domain)) != NULL)
			return sender;
		if ((dot = memchr(domain.data, '.', domain.len)) == NULL)
			break;
		domain.len -= (size_t)(dot - domain.data) + 1;
		domain.data = dot + 1;
	}
	return NULL;
}

const struct sender *
sender_by_dkim(const struct senders *senders, struct str domain)
{
	return by_suffix(&senders->dkim, &senders->spf, domain);
}

const struct sender *
sender_by_spf(const struct senders *senders, struct str domain)
{
	return by_suffix(&senders->spf, &senders->dkim, domain);
}

static bool
same_name(struct str a, struct str b)
{
	size_t i;

	for (i = 0; a.len == b.len && i < a.len && text_lower(a.data[i]) == text_lower(b.data[i]); i++)
		continue;
	return a.len == b.len && i == a.len;
}

const struct sender *
sender_by_name(const struct senders *senders, struct str name)
{
	size_t i;

	for (i = 0; i < senders->count; i++)
		if (same_name(senders->rows[i].name, name))
			return &senders->rows[i];
	return NULL;
}

bool
sender_passes_on(const struct sender *sender)
{
	return sender != NULL && (str_eq(sender->kind, "forwarder") || str_eq(sender->kind, "consumer"));
}
