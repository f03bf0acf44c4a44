#ifndef DMARCQ_TESTS_QUESTIONS_H
#define DMARCQ_TESTS_QUESTIONS_H

/* The rows of a database with ties, unknown verdicts, reports without a day, conflicts, several days and
 * missing names, as SQL. */
extern const char questions_world[];

#endif
