/* fuzz: what every fuzz target exports; libFuzzer or replay.c calls it with one input. */
#ifndef DMARCQ_TESTS_FUZZ_FUZZ_H
#define DMARCQ_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
