SELECT arrival.original FROM reject JOIN arrival ON arrival.id = reject.arrival WHERE reject.id = ?1
