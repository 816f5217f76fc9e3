// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Whether allocations can be counted here: on Linux with glibc alone.
bool allocation_counter_available(void);

/// Begins to count the allocations of all threads, from zero.
void allocation_counter_start(void);

/// Stops counting.
void allocation_counter_stop(void);

/// How many allocations were made while counting.
uint64_t allocation_counter_count(void);

/// How many bytes they asked for.
uint64_t allocation_counter_bytes(void);

/// Gives free memory back to the system, so that what is resident is what is in use.
void allocation_counter_trim(void);

/// How many bytes of the process are resident; 0 where the system does not say.
uint64_t allocation_counter_resident_bytes(void);

/// How many bytes of the heap are handed out; 0 where the C library does not say. What is resident beyond them are holes.
uint64_t allocation_counter_bytes_in_use(void);

#endif
