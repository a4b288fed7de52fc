//! Lesson.
