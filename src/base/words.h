/* words: which known word somebody meant who typed another one. */
#ifndef DMARCQ_BASE_WORDS_H
#define DMARCQ_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* How many letters have to be added, left out, changed or swapped with their neighbour to make b out of a. */
size_t word_distance(const char *a, const char *b);
/* Whether candidate is near enough to word to be worth a question; *distance says how near. */
bool word_is_near(size_t *distance, const char *word, const char *candidate);
/* Keeps the nearer of *best and candidate, if it is near enough to be worth a question. *best starts as NULL.
 */
void word_nearest(const char **best, const char *word, const char *candidate);

#endif
