/*
 * table_bar: a bar of two parts, on one scale for all rows: blocks, or signs where the terminal is no UTF-8.
 */
#include "output/table.h"

#include <string.h>

/* The first part, the second part. */
static const char *const forms[][2] = {{"#", "-"}, {"\xe2\x96\x88", "\xe2\x96\x91"}};

/* How a head reads: a sample, a blank, a word. */
static char *
put_word(char *to, const char *sample, const char *word, size_t len)
{
	size_t sample_len = strlen(sample);

	memcpy(to, sample, sample_len);
	to[sample_len] = ' ';
	memcpy(to + sample_len + 1, word, len);
	return to + sample_len + 1 + len;
}

const char *
table_bar_head(struct arena *arena, const char *title, bool utf8)
{
	size_t len = strlen(title), first = strcspn(title, "|"), second = len - first - (first < len);
	char *head = arena_alloc(arena, len + 16), *end;

	end = put_word(head, forms[utf8][0], title, first);
	memcpy(end, "  ", 2);
	end = put_word(end + 2, forms[utf8][1], title + len - second, second);
	*end = '\0';
	return head;
}

/* How many of width columns number takes, to the nearest. In floating point, because counts may be large. */
static size_t
columns_of(int64_t number, int64_t whole, size_t width)
{
	double share = whole > 0 && number > 0 ? (double)number / (double)whole : 0;

	return share < 1 ? (size_t)(share * (double)width + 0.5) : width;
}

static char *
repeat(char *to, const char *text, size_t times)
{
	size_t len = strlen(text);

	for (; times > 0; times--, to += len)
		memcpy(to, text, len);
	return to;
}

const char *
table_bar(struct arena *arena, const struct cell *cell, size_t width, bool utf8)
{
	size_t full = columns_of(cell->number, cell->whole, width), all;
	char *text, *end;

	if (!cell->known)
		return "";
	all = columns_of(cell->number + cell->other, cell->whole, width);
	/* Something is never nothing, and of the second part least of all: that is what bars are looked at
	 * for. */
	if (all == 0 && cell->number + cell->other > 0)
		all = full = 1;
	if (cell->other > 0 && full == all) {
		all += all == 1 && cell->number >= cell->other && width > 1;
		full = all - 1;
	}
	text = arena_alloc(arena, all * 3 + 1);
	end = repeat(text, forms[utf8][0], full);
	end = repeat(end, forms[utf8][1], all - full);
	*end = '\0';
	return text;
}
