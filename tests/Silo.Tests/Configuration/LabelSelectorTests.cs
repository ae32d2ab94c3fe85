using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Tests.Configuration;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData("uw.systems/networksets=true")]
    [InlineData("a")]
    [InlineData("!a")]
    [InlineData("a=")]
    [InlineData("a==b, c!=d")]
    [InlineData("x in (a, b,,c), y notin (d)")]
    [InlineData("size > 3, size<10")]
    [InlineData("in in (in)")]
    public void Check_WhatTheApiServerTakes_IsNull(string selector) => Assert.Null(LabelSelector.Check(selector));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a=b,", "expected a label key, found the end")]
    [InlineData("a b", "expected an operator, found \"b\"")]
    [InlineData("a=b c", "expected , or the end, found \"c\"")]
    [InlineData("a in b", "expected ( after in or notin, found \"b\"")]
    [InlineData("a in (b", "the ( has no )")]
    [InlineData("a=b/c", "\"b/c\" is not a label value")]
    [InlineData("-a=b", "\"-a\" is not a label key")]
    [InlineData("a/b/c", "\"a/b/c\" is not a label key")]
    [InlineData("a>b", "> needs a whole number, found \"b\"")]
    [InlineData("!a=b", "expected , or the end, found \"=\"")]
    public void Check_WhatTheApiServerRefuses_SaysWhy(string selector, string fault) => Assert.Equal(fault, LabelSelector.Check(selector));
}
