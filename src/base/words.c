/* words: which known word somebody meant who typed another one. */
#include "base/words.h"

#include <stdint.h>
#include <string.h>

enum { WORD_MAX = 32 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
word_distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b), i, k, d;
	size_t row[3][WORD_MAX + 1]; /* the row before the last, the last, this one */

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return SIZE_MAX;
	for (k = 0; k <= b_len; k++)
		row[1][k] = row[2][k] = k;
	for (i = 1; i <= a_len; i++) {
		memcpy(row[0], row[1], sizeof row[0]);
		memcpy(row[1], row[2], sizeof row[1]);
		row[2][0] = i;
		for (k = 1; k <= b_len; k++) {
			d = row[1][k - 1] + (a[i - 1] != b[k - 1]);
			d = least(d, least(row[1][k], row[2][k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				d = least(d, row[0][k - 2] + 1);
			row[2][k] = d;
		}
	}
	return row[2][b_len];
}

bool
word_is_near(size_t *distance, const char *word, const char *candidate)
{
	size_t len = strlen(word);

	*distance = word_distance(word, candidate);
	if (len >= 2 && strncmp(word, candidate, len) == 0)
		*distance = 1; /* the beginning of it */
	return *distance <= 1 + len / 4;
}

void
word_nearest(const char **best, const char *word, const char *candidate)
{
	size_t distance;

	if (!word_is_near(&distance, word, candidate))
		return;
	if (*best == NULL || distance < word_distance(word, *best))
		*best = candidate;
}
