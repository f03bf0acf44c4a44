/* advise_lines: the list of many domains, a line each: what has to be looked at first comes first. */
#include "cli/advise.h"

#include "base/arena.h"
#include "base/mem.h"
#include "cli/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct advise_line {
	struct str domain, step, obstacle;
	enum advice_verdict verdict;
	uint64_t legitimate, failing;
	int64_t earliest;
};

struct advise_lines {
	struct arena arena;
	struct advise_line *lines;
	size_t count, room;
};

/* name, title, type, priority, least width */
static const struct column columns[] = {
    {"verdict", "Verdict", CELL_TEXT, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 16},
    {"step", "Step", CELL_TEXT, 0, 0},
    {"legitimate", "Legitimate", CELL_INTEGER, 0, 0},
    {"failing", "Failing", CELL_PERCENT, 0, 0},
    {"earliest", "Earliest", CELL_DAY, 1 + COLUMN_SPARSE, 0},
    {"obstacle", "In the way", CELL_TEXT, 2, 30},
};
enum { COLUMNS = sizeof columns / sizeof *columns };
static const struct section section = {"domains", NULL, SHAPE_ROWS, true, columns, COLUMNS};

static const struct column note_column = {"note", NULL, CELL_TEXT, 0, 0};
static const struct section note = {"note", NULL, SHAPE_NOTE, false, &note_column, 1};

struct advise_lines *
advise_lines_new(void)
{
	struct advise_lines *lines = mem_zero(1, sizeof *lines);

	arena_init(&lines->arena);
	return lines;
}

void
advise_lines_free(struct advise_lines *lines)
{
	if (lines == NULL)
		return;
	arena_free(&lines->arena);
	free(lines->lines);
	free(lines);
}

/* The owner's mail that a policy hits is lost, also where none stricter is to come. */
static bool
is_lost(const struct advice *advice, const struct advice_refusal *refusal)
{
	return advice->verdict == VERDICT_KEEP && refusal->code == ADVICE_SOURCE && refusal->warns &&
	       !refusal->hit && !refusal->mended;
}

static bool
is_below(const struct advice *advice, const struct advice_refusal *refusal)
{
	return refusal->name < advice->mail->name_count && !advice->mail->names[refusal->name].is_domain;
}

static const char *
text_of(struct arena *arena, struct str text)
{
	return text.data != NULL ? arena_str(arena, text).data : "";
}

/* " as app.example.net", or nothing. */
static const char *
as_name(struct arena *arena, const struct advice *advice, const struct advice_refusal *refusal)
{
	struct str name;
	char *text;

	if (!is_below(advice, refusal))
		return "";
	name = advice->mail->names[refusal->name].domain;
	if (name.data == NULL)
		return "";
	text = arena_alloc(arena, name.len + sizeof " as ");
	(void)snprintf(text, name.len + sizeof " as ", " as %.*s", (int)name.len, name.data);
	return text;
}

/* "app.example.com is not ready, and 2 more names", where nothing else is in the way; or nothing. */
static struct str
below(struct arena *arena, const struct advice *advice)
{
	const char *verb = advice->verdict == VERDICT_READY ? "is not ready" : "fails";
	char number[NUMBER_TEXT], *text;
	struct str name = {NULL, 0};
	size_t count = 0, size, i;

	for (i = 0; i < advice->name_count; i++)
		if (advice->names[i].verdict == VERDICT_NOT_YET && count++ == 0)
			name = advice->mail->names[advice->names[i].name].domain;
	if (count == 0 || (advice->verdict != VERDICT_READY && advice->verdict != VERDICT_KEEP))
		return (struct str){NULL, 0};
	name = name.data != NULL ? name : str_of("a name below");
	size = name.len + ADVISE_TEXT + NUMBER_TEXT;
	text = arena_alloc(arena, size);
	(void)snprintf(text, size, "%.*s %s", (int)name.len, name.data, verb);
	if (count > 1)
		(void)snprintf(text + strlen(text), size - strlen(text), ", and %s more name%s",
		    number_text(number, count - 1), count == 2 ? "" : "s");
	return str_of(text);
}

/* "SOURCE Twilio SendGrid, and 2 more": the first thing that stands in the way, or is lost now, perhaps. */
static struct str
obstacle(struct arena *arena, const struct advice *advice)
{
	const struct advice_refusal *first = NULL;
	bool is_back = advice->verdict == VERDICT_STEP_BACK;
	const char *subject, *as;
	char number[NUMBER_TEXT], *text;
	size_t count = 0, size, i;

	for (i = 0; i < advice->refusal_count; i++) {
		/* At reject all is only told, also what makes it step back. */
		if (advise_is_beside(advice, &advice->refusals[i]) ||
		    (advice->refusals[i].warns && !advice->refusals[i].hit &&
			!is_lost(advice, &advice->refusals[i]) &&
			!(is_back && (first == NULL || first->warns))))
			continue;
		first = first == NULL ? &advice->refusals[i] : first;
		count++;
	}
	if (first == NULL)
		return below(arena, advice);
	subject = text_of(arena, first->subject);
	as = as_name(arena, advice, first);
	size = strlen(subject) + strlen(as) + ADVISE_TEXT + NUMBER_TEXT;
	text = arena_alloc(arena, size);
	(void)snprintf(text, size, "%s%s%s%s%s",
	    first->hit               ? "whose is it: "
	    : is_lost(advice, first) ? "lost: "
				     : "",
	    advice_code_word(first->code), *subject != '\0' ? " " : "", subject, as);
	if (count > 1)
		(void)snprintf(text + strlen(text), size - strlen(text), ", and %s more",
		    number_text(number, count - 1));
	return str_of(text);
}

/* A step back for names below is about their mail, too. */
static void
count_below(struct advise_line *line, const struct advice *advice)
{
	size_t i;

	for (i = 0; i < advice->name_count; i++) {
		const struct advice_name *name = &advice->names[i];

		if (name->verdict != VERDICT_STEP_BACK)
			continue;
		line->legitimate += name->messages;
		line->failing += (uint64_t)((double)name->messages * name->failing + 0.5);
	}
}

void
advise_lines_add(struct advise_lines *lines, const struct advice *advice)
{
	struct advise_line *line;
	char step[ADVISE_TEXT];

	if (lines->count == lines->room) {
		lines->room = lines->room == 0 ? 64 : lines->room * 2;
		lines->lines = mem_grow(lines->lines, lines->room * sizeof *lines->lines);
	}
	line = &lines->lines[lines->count++];
	*line = (struct advise_line){
	    .domain = arena_str(&lines->arena, advice->domain),
	    .step = arena_str(&lines->arena, str_of(advise_step(step, advice))),
	    .obstacle = obstacle(&lines->arena, advice),
	    .verdict = advice->verdict,
	    .legitimate = advice->legitimate,
	    .failing = advice->failing,
	    .earliest = advice->earliest,
	};
	count_below(line, advice);
}

static int
rank(enum advice_verdict verdict)
{
	static const int ranks[] = {
	    [VERDICT_STEP_BACK] = 0,
	    [VERDICT_READY] = 1,
	    [VERDICT_NOT_YET] = 2,
	    [VERDICT_KEEP] = 3,
	    [VERDICT_NO_DATA] = 4,
	};

	return ranks[verdict];
}

static int
compare(const void *one, const void *other)
{
	const struct advise_line *a = one, *b = other;
	size_t len = a->domain.len < b->domain.len ? a->domain.len : b->domain.len;
	int order;

	if (a->verdict != b->verdict)
		return rank(a->verdict) < rank(b->verdict) ? -1 : 1;
	if (a->legitimate != b->legitimate)
		return a->legitimate > b->legitimate ? -1 : 1;
	order = memcmp(a->domain.data, b->domain.data, len);
	return order != 0 ? order : a->domain.len < b->domain.len ? -1 : a->domain.len > b->domain.len;
}

static enum status
write_line(struct output *out, const struct advise_line *line, struct err *err)
{
	const struct cell cells[COLUMNS] = {
	    {.known = true, .text = str_of(advice_verdict_word(line->verdict))},
	    {.known = true, .text = line->domain},
	    {.known = true, .text = line->step},
	    {.known = true, .number = (int64_t)line->legitimate},
	    {.known = line->legitimate > 0,
		.number = (int64_t)line->failing,
		.whole = (int64_t)line->legitimate},
	    {.known = line->earliest > 0 && line->verdict == VERDICT_NOT_YET, .number = line->earliest},
	    {.known = line->obstacle.data != NULL, .text = line->obstacle},
	};

	return output_row(out, cells, err);
}

/* "3 READY, 12 NOT YET; 5 more domains: -n 0 shows all" */
static enum status
write_sum(struct output *out, const struct advise_lines *lines, size_t shown, struct err *err)
{
	char text[256], number[NUMBER_TEXT];
	struct cell cell = {.known = true};
	enum status status;
	size_t used = 0, i, n;

	for (i = 0; i < lines->count; i += n) {
		for (n = 1; i + n < lines->count && lines->lines[i + n].verdict == lines->lines[i].verdict;
		     n++)
			continue;
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %s", i > 0 ? ", " : "",
		    number_text(number, n), advice_verdict_word(lines->lines[i].verdict));
	}
	if (shown < lines->count)
		used +=
		    (size_t)snprintf(text + used, sizeof text - used, "; %s more domain%s: -n 0 shows all",
			number_text(number, lines->count - shown), lines->count - shown == 1 ? "" : "s");
	cell.text = (struct str){text, used};
	status = output_section(out, &note, err);
	return status == OK ? output_row(out, &cell, err) : status;
}

enum status
advise_lines_write(struct advise_lines *lines, struct output *out, uint64_t most, struct err *err)
{
	enum status status = output_begin(out, "advise", NULL, err);
	size_t i;

	if (lines->count > 0)
		qsort(lines->lines, lines->count, sizeof *lines->lines, compare);
	if (status == OK)
		status = output_section(out, &section, err);
	for (i = 0; status == OK && i < lines->count && (most == 0 || i < most); i++)
		status = write_line(out, &lines->lines[i], err);
	if (status == OK)
		status = write_sum(out, lines, i, err);
	return status == OK ? output_end(out, err) : status;
}
