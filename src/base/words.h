/* words: which known word somebody meant who typed another one. */
#ifndef DMARCQ_BASE_WORDS_H
#define DMARCQ_BASE_WORDS_H

#include <stddef.h>

/* How many letters have to be added, left out, changed or swapped with their neighbour to make b out of a. */
size_t word_distance(const char *a, const char *b);
/* Keeps the nearer of *best and candidate, if it is near enough to be worth a question. *best starts as NULL.
 */
void word_nearest(const char **best, const char *word, const char *candidate);

#endif
