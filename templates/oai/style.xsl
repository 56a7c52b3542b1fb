<?xml version="1.0" encoding="UTF-8"?>
<!-- Shows OAI-PMH 2.0 answers to people: verbs as links, headers and Dublin Core as tables, other payloads as trees. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:o="http://www.openarchives.org/OAI/2.0/" xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" exclude-result-prefixes="o oai_dc dc">
<xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>
<xsl:strip-space elements="*"/>
<xsl:variable name="base" select="string(/o:OAI-PMH/o:request)"/>
<!-- The endpoint as this browser reached it: the path without the host, so that links stay on the same site. -->
<xsl:variable name="oai">
  <xsl:variable name="rest" select="substring-after($base, '://')"/>
  <xsl:value-of select="concat('/', substring-after($rest, '/'))"/>
</xsl:variable>
<xsl:variable name="prefix">
  <xsl:choose>
    <xsl:when test="/o:OAI-PMH/o:request/@metadataPrefix"><xsl:value-of select="/o:OAI-PMH/o:request/@metadataPrefix"/></xsl:when>
    <xsl:otherwise>oai_dc</xsl:otherwise>
  </xsl:choose>
</xsl:variable>

<xsl:template match="/o:OAI-PMH">
  <html lang="en">
    <head>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta name="robots" content="noindex"/>
      <title>OAI-PMH: <xsl:call-template name="title"/></title>
      <link rel="stylesheet" href="{$oai}/style.css"/>
    </head>
    <body>
      <header>
        <p><a href="{$oai}/../">Home</a> · <a href="{$oai}/../about/oai/">About this endpoint</a></p>
        <nav aria-label="OAI-PMH requests">
          <a href="{$oai}?verb=Identify">Identify</a>
          <a href="{$oai}?verb=ListMetadataFormats">Formats</a>
          <a href="{$oai}?verb=ListSets">Sets</a>
          <a href="{$oai}?verb=ListIdentifiers&amp;metadataPrefix={$prefix}">Identifiers</a>
          <a href="{$oai}?verb=ListRecords&amp;metadataPrefix={$prefix}">Records</a>
        </nav>
      </header>
      <main>
        <h1><xsl:call-template name="title"/></h1>
        <p class="quiet">An answer for harvesters of <code><xsl:value-of select="$base"/></code>, made
          <xsl:value-of select="o:responseDate"/>. Programs get it as XML.</p>
        <xsl:apply-templates select="*[not(self::o:responseDate or self::o:request)]"/>
      </main>
    </body>
  </html>
</xsl:template>

<xsl:template name="title">
  <xsl:choose>
    <xsl:when test="/o:OAI-PMH/o:request/@verb"><xsl:value-of select="/o:OAI-PMH/o:request/@verb"/></xsl:when>
    <xsl:otherwise>Not a request</xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template match="o:error">
  <p class="error"><strong><xsl:value-of select="@code"/></strong>: <xsl:value-of select="."/></p>
</xsl:template>

<xsl:template match="o:Identify">
  <dl>
    <xsl:for-each select="*[not(self::o:description)]">
      <div><dt><xsl:value-of select="local-name()"/></dt><dd><xsl:value-of select="."/></dd></div>
    </xsl:for-each>
    <xsl:for-each select="o:description/*/*">
      <div><dt><xsl:value-of select="local-name()"/></dt><dd><xsl:value-of select="."/></dd></div>
    </xsl:for-each>
  </dl>
</xsl:template>

<xsl:template match="o:ListMetadataFormats">
  <table>
    <thead><tr><th scope="col">metadataPrefix</th><th scope="col">Namespace</th><th scope="col">Schema</th></tr></thead>
    <tbody>
      <xsl:for-each select="o:metadataFormat">
        <tr>
          <td><a href="{$oai}?verb=ListRecords&amp;metadataPrefix={o:metadataPrefix}"><xsl:value-of select="o:metadataPrefix"/></a></td>
          <td><xsl:value-of select="o:metadataNamespace"/></td>
          <td><xsl:value-of select="o:schema"/></td>
        </tr>
      </xsl:for-each>
    </tbody>
  </table>
</xsl:template>

<xsl:template match="o:ListSets">
  <table>
    <thead><tr><th scope="col">setSpec</th><th scope="col">Name</th><th scope="col">Description</th></tr></thead>
    <tbody>
      <xsl:for-each select="o:set">
        <tr>
          <td><a href="{$oai}?verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set={o:setSpec}"><xsl:value-of select="o:setSpec"/></a></td>
          <td><xsl:value-of select="o:setName"/></td>
          <td><xsl:value-of select="o:setDescription"/></td>
        </tr>
      </xsl:for-each>
    </tbody>
  </table>
  <xsl:apply-templates select="o:resumptionToken"/>
</xsl:template>

<xsl:template match="o:ListIdentifiers">
  <ul class="records"><xsl:for-each select="o:header"><li><xsl:apply-templates select="."/></li></xsl:for-each></ul>
  <xsl:apply-templates select="o:resumptionToken"/>
</xsl:template>

<xsl:template match="o:ListRecords | o:GetRecord">
  <ul class="records">
    <xsl:for-each select="o:record">
      <li><xsl:apply-templates select="o:header"/><xsl:apply-templates select="o:metadata/*" mode="payload"/></li>
    </xsl:for-each>
  </ul>
  <xsl:apply-templates select="o:resumptionToken"/>
</xsl:template>

<xsl:template match="o:header">
  <xsl:variable name="escaped"><xsl:call-template name="escape"><xsl:with-param name="text" select="o:identifier"/></xsl:call-template></xsl:variable>
  <h2><a href="{$oai}?verb=GetRecord&amp;metadataPrefix={$prefix}&amp;identifier={$escaped}"><xsl:value-of select="o:identifier"/></a>
    <xsl:if test="@status = 'deleted'"><xsl:text> </xsl:text><strong class="deleted">deleted</strong></xsl:if></h2>
  <p class="quiet"><xsl:value-of select="o:datestamp"/>
    <xsl:for-each select="o:setSpec"><xsl:text> </xsl:text><a href="{$oai}?verb=ListRecords&amp;metadataPrefix={$prefix}&amp;set={.}"><xsl:value-of select="."/></a></xsl:for-each>
    <xsl:text> </xsl:text><a href="{$oai}?verb=ListMetadataFormats&amp;identifier={$escaped}">its formats</a></p>
</xsl:template>

<xsl:template match="o:resumptionToken">
  <p class="pager">
    <xsl:if test="@completeListSize"><xsl:value-of select="@cursor + count(../o:record | ../o:header | ../o:set)"/> of <xsl:value-of select="@completeListSize"/>. </xsl:if>
    <xsl:if test="string(.)"><a rel="next" href="{$oai}?verb={local-name(..)}&amp;resumptionToken={.}">Next page</a></xsl:if>
  </p>
</xsl:template>

<xsl:template match="oai_dc:dc" mode="payload">
  <dl>
    <xsl:for-each select="dc:*">
      <div><dt><xsl:value-of select="local-name()"/></dt><dd dir="auto"><xsl:call-template name="linked"/></dd></div>
    </xsl:for-each>
  </dl>
</xsl:template>

<xsl:template match="*" mode="payload">
  <ul class="tree"><xsl:apply-templates select="." mode="tree"/></ul>
</xsl:template>

<xsl:template match="*" mode="tree">
  <li>
    <b><xsl:value-of select="name()"/></b>
    <xsl:for-each select="@*"><xsl:text> </xsl:text><i><xsl:value-of select="name()"/></i>=<xsl:value-of select="."/></xsl:for-each>
    <xsl:for-each select="text()"><xsl:text> </xsl:text><span dir="auto"><xsl:value-of select="."/></span></xsl:for-each>
    <xsl:if test="*"><ul><xsl:apply-templates select="*" mode="tree"/></ul></xsl:if>
  </li>
</xsl:template>

<!-- A text that is an address becomes a link; nothing but http(s) does. -->
<xsl:template name="linked">
  <xsl:choose>
    <xsl:when test="(starts-with(., 'https://') or starts-with(., 'http://')) and not(contains(., ' '))"><a href="{.}"><xsl:value-of select="."/></a></xsl:when>
    <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<!-- An identifier as the value of an argument: it is ASCII, and these are the characters that a query would misread. -->
<xsl:template name="escape">
  <xsl:param name="text"/>
  <xsl:if test="$text != ''">
    <xsl:variable name="first" select="substring($text, 1, 1)"/>
    <xsl:choose>
      <xsl:when test="$first = '%'">%25</xsl:when>
      <xsl:when test="$first = '&amp;'">%26</xsl:when>
      <xsl:when test="$first = '+'">%2B</xsl:when>
      <xsl:when test="$first = ';'">%3B</xsl:when>
      <xsl:when test="$first = '='">%3D</xsl:when>
      <xsl:otherwise><xsl:value-of select="$first"/></xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="escape"><xsl:with-param name="text" select="substring($text, 2)"/></xsl:call-template>
  </xsl:if>
</xsl:template>
</xsl:stylesheet>
