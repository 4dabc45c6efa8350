"""Tests of the citizens' doors."""
